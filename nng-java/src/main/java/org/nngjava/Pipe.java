package org.nngjava;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * One connection of a socket to one peer.
 *
 * @param id NNG's number for it, unique among the pipes of this process
 */
public record Pipe(int id) {
    private static final NngApi NNG = NngLibrary.api();

    // nng_sockaddr_family
    private static final int INPROC = 1;
    private static final int IPC = 2;
    private static final int INET = 3;
    private static final int INET6 = 4;
    private static final int SOCKADDR_SIZE = 136;

    /** Disconnects the peer. A dialer connects to it again. Does nothing when the pipe is gone. May be called anywhere. */
    public void close() {
        NNG.nng_pipe_close(id);
    }

    /**
     * The peer's address, for example {@code tcp://127.0.0.1:40112}.
     *
     * @throws NngException if the pipe is gone
     */
    public String remoteAddress() {
        return address("remote-address");
    }

    /**
     * The address on this side.
     *
     * @throws NngException if the pipe is gone
     */
    public String localAddress() {
        return address("local-address");
    }

    private String address(String option) {
        byte[] raw = new byte[SOCKADDR_SIZE];
        NngException.check(NNG.nng_pipe_get_addr(id, option, raw), "get " + option + " of pipe " + id);
        int family = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).getShort(0);
        int port = ByteBuffer.wrap(raw).getShort(2) & 0xffff;
        return switch (family) {
            case INPROC -> "inproc://" + name(raw);
            case IPC -> "ipc://" + name(raw);
            case INET ->
                "tcp://" + (raw[4] & 0xff) + "." + (raw[5] & 0xff) + "." + (raw[6] & 0xff) + "." + (raw[7] & 0xff) + ":"
                        + port;
            case INET6 -> "tcp://[" + ip6(raw) + "]:" + port;
            default -> "unknown:" + family;
        };
    }

    private static String name(byte[] raw) {
        int end = 2;
        while (end < raw.length && raw[end] != 0) {
            end++;
        }
        return new String(raw, 2, end - 2, StandardCharsets.UTF_8);
    }

    private static String ip6(byte[] raw) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((raw[4 + 2 * i] & 0xff) << 8 | (raw[5 + 2 * i] & 0xff)));
        }
        return text.toString();
    }
}
