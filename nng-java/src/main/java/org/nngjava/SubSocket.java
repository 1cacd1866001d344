package org.nngjava;

import java.nio.charset.StandardCharsets;

/**
 * SUB: receives the published messages that begin with one of its topics (sp-publish-subscribe). Without a subscription it receives
 * nothing. The topics are matched here, not at the publisher.
 */
public final class SubSocket extends Socket implements Receiver {
    private SubSocket() {
        super("sub", NNG::nng_sub0_open);
    }

    /** Opens a socket. */
    public static SubSocket open() {
        return new SubSocket();
    }

    /** Receives from now on the messages that begin with {@code topic}; all of them if it is empty. */
    public void subscribe(byte[] topic) {
        setTopic("sub:subscribe", topic);
    }

    /** Subscribes to a topic's UTF-8 bytes. */
    public void subscribe(String topic) {
        subscribe(topic.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Ends a subscription.
     *
     * @throws NngException with {@link NngError#ENOENT} if there is none to this topic
     */
    public void unsubscribe(byte[] topic) {
        setTopic("sub:unsubscribe", topic);
    }

    /** Ends a subscription to a topic's UTF-8 bytes. */
    public void unsubscribe(String topic) {
        unsubscribe(topic.getBytes(StandardCharsets.UTF_8));
    }

    private void setTopic(String option, byte[] topic) {
        // By bytes: the string form would append a NUL (nng#999).
        NngException.check(NNG.nng_socket_set(id(), option, topic, topic.length), option + " on " + this);
    }
}
