package org.nngjava;

/** What an {@link Inflow} receives on, and what it makes of the messages. Used by one thread at a time. */
interface Source<T> {
    /** What the next receive runs on. Runs on any thread, NNG's own too. */
    Conduit conduit();

    /** What the subscriber gets of a message received on it. Takes over the native message. */
    T item(long message);

    /** The subscriber has returned from its item. */
    default void delivered() {}

    /** Whether a receive failed because there is no more to come. */
    default boolean isEnd(NngException failure) {
        return failure instanceof NngClosedException;
    }

    /** There will be no more receives. */
    default void end() {}
}
