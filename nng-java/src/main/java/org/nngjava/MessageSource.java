package org.nngjava;

/** The messages of one socket or context. */
final class MessageSource implements Source<Message> {
    private final Conduit conduit;
    /** The one object for all messages, or null: each has its own. */
    private final Message reused;

    private MessageSource(Conduit conduit, Message reused) {
        this.conduit = conduit;
        this.reused = reused;
    }

    /** Each message is an object of its own. */
    static MessageSource of(Conduit conduit) {
        return new MessageSource(conduit, null);
    }

    /** One object is used again and again. What is left in it after its delivery is freed. */
    static MessageSource reusing(Conduit conduit) {
        return new MessageSource(conduit, Message.reusable());
    }

    @Override
    public Conduit conduit() {
        return conduit;
    }

    @Override
    public Message item(long message) {
        if (reused == null) {
            return Message.received(message);
        }
        reused.restore(message);
        return reused;
    }

    @Override
    public void delivered() {
        if (reused != null) {
            reused.close();
        }
    }
}
