package org.nngjava;

import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * A socket in raw mode: messages go in and out with their protocol headers, and the protocol's own state is left to the program.
 *
 * <p>A raw REP socket can hold requests as long as it likes: the reply to a message is any message with the same
 * {@linkplain Message#header() header}. NNG drops a reply without a word when its pipe is gone or has 64 others waiting.
 *
 * <p>It has the operations of all protocols: a direction that its protocol lacks fails with {@link NngError#ENOTSUP}. A raw SUB
 * receives everything.
 */
public final class RawSocket extends Socket implements Sender, Receiver {
    private final Protocol protocol;

    private RawSocket(Protocol protocol) {
        super("raw " + protocol, openFunction(protocol));
        this.protocol = protocol;
    }

    /** Opens a socket in raw mode. */
    public static RawSocket open(Protocol protocol) {
        return new RawSocket(Objects.requireNonNull(protocol, "protocol"));
    }

    /** The protocol that it speaks. */
    public Protocol protocol() {
        return protocol;
    }

    private static ToIntFunction<int[]> openFunction(Protocol protocol) {
        return switch (protocol) {
            case BUS -> NNG::nng_bus0_open_raw;
            case PAIR0 -> NNG::nng_pair0_open_raw;
            case PAIR1 -> NNG::nng_pair1_open_raw;
            case PUB -> NNG::nng_pub0_open_raw;
            case PULL -> NNG::nng_pull0_open_raw;
            case PUSH -> NNG::nng_push0_open_raw;
            case REP -> NNG::nng_rep0_open_raw;
            case REQ -> NNG::nng_req0_open_raw;
            case RESPONDENT -> NNG::nng_respondent0_open_raw;
            case SUB -> NNG::nng_sub0_open_raw;
            case SURVEYOR -> NNG::nng_surveyor0_open_raw;
        };
    }
}
