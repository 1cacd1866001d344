package org.nngjava;

/**
 * PAIR: a conversation between two peers (sp-pair). Further peers are turned away while there is one.
 *
 * <p>A polyamorous PAIR has any number of peers: a received message tells by its {@linkplain Message#pipe() pipe} who sent it,
 * and {@link Message#setPipe} chooses the peer that gets a message. Without a choice NNG takes one of them; a message to a peer that
 * is gone is dropped.
 */
public final class PairSocket extends Socket implements Sender, Receiver {
    private PairSocket(String protocol, java.util.function.ToIntFunction<int[]> open) {
        super(protocol, open);
    }

    /** Opens a socket of version 1 of the protocol. It talks to version 1 only. */
    public static PairSocket open() {
        return new PairSocket("pair1", NNG::nng_pair1_open);
    }

    /** Opens a socket of version 0 of the protocol, which nanomsg speaks. */
    public static PairSocket openVersion0() {
        return new PairSocket("pair0", NNG::nng_pair0_open);
    }

    /** Opens a socket of version 1 that may have many peers. They need not be polyamorous themselves. */
    public static PairSocket openPolyamorous() {
        return new PairSocket("polyamorous pair1", NNG::nng_pair1_open_poly);
    }
}
