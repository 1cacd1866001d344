package org.nngjava;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Who receives published messages by topic. A topic is the beginning of a message, compared byte by byte; the empty one matches all.
 * Without a subscription nothing is received. Topics are matched here, not at the publisher.
 */
public sealed interface Subscriber extends Receiver permits SubSocket, SubContext {
    /** Receives from now on the messages that begin with {@code topic} as well; all of them if it is empty. */
    default void subscribe(byte[] topic) {
        ((Conduit) this).setBytes("sub:subscribe", Objects.requireNonNull(topic, "topic"));
    }

    /** Subscribes to a topic's UTF-8 bytes. */
    default void subscribe(String topic) {
        subscribe(Objects.requireNonNull(topic, "topic").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Ends a subscription.
     *
     * @throws NngException with {@link NngError#ENOENT} if there is none to this topic
     */
    default void unsubscribe(byte[] topic) {
        ((Conduit) this).setBytes("sub:unsubscribe", Objects.requireNonNull(topic, "topic"));
    }

    /** Ends a subscription to a topic's UTF-8 bytes. */
    default void unsubscribe(String topic) {
        unsubscribe(Objects.requireNonNull(topic, "topic").getBytes(StandardCharsets.UTF_8));
    }
}
