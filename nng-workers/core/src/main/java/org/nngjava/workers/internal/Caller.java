package org.nngjava.workers.internal;

import java.util.Objects;
import java.util.function.IntFunction;

/** Whoever sent a request, and is to be answered: the header of the request, and the pipe on which it came. */
public final class Caller {
    private final int pipe;
    private final IntFunction<String> addresses;
    private final byte[] header;

    /**
     * Remembers where a request came from.
     *
     * @param pipe the id of its pipe
     * @param addresses knows the address at the other end of a pipe, for people
     * @param header the SP header, which finds the way back
     */
    public Caller(int pipe, IntFunction<String> addresses, byte[] header) {
        this.pipe = pipe;
        this.addresses = Objects.requireNonNull(addresses, "addresses");
        this.header = header.clone();
    }

    int pipe() {
        return pipe;
    }

    String address() {
        return addresses.apply(pipe);
    }

    byte[] header() {
        return header.clone();
    }
}
