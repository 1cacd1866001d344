package org.nngjava;

/** A context of a {@link SubSocket}: topics and a queue of its own. It gets every message that matches, whoever else gets it too. */
public final class SubContext extends Context implements Subscriber {
    SubContext(SubSocket socket) {
        super(socket);
    }
}
