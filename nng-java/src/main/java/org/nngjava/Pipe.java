package org.nngjava;

import java.util.Objects;
import java.util.Optional;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * One connection of a socket to one peer.
 *
 * @param id NNG's number for it, unique among the pipes of this process
 */
public record Pipe(int id) {
    private static final NngApi NNG = NngLibrary.api();

    /** Disconnects the peer. A dialer connects to it again. Does nothing when the pipe is gone. May be called anywhere. */
    public void close() {
        NNG.nng_pipe_close(id);
    }

    /**
     * Reads a property of the connection; what the pipe does not know itself is asked of its dialer or listener, and then of its socket.
     *
     * @throws NngException with {@link NngError#ENOENT} if the pipe is gone, with {@link NngError#ENOTSUP} if it has no such property
     */
    public <T> T get(Option<T> option) {
        return Objects.requireNonNull(option, "option").get(OptionFunctions.PIPE, id, toString());
    }

    /**
     * The peer's address as a URL, for example {@code tcp://127.0.0.1:40112}. {@link NngOptions#REMOTE_ADDRESS} gives it in parts.
     *
     * @throws NngException if the pipe is gone
     */
    public String remoteAddress() {
        return address(NngOptions.REMOTE_ADDRESS);
    }

    /**
     * The address on this side.
     *
     * @throws NngException if the pipe is gone
     */
    public String localAddress() {
        return address(NngOptions.LOCAL_ADDRESS);
    }

    /** The socket whose connection it is; empty when the pipe is gone or the socket closed. */
    public Optional<Socket> socket() {
        return Socket.byId(NNG.nng_pipe_socket(id));
    }

    /** The dialer that made the connection; empty if a listener took it, or when the pipe is gone. */
    public Optional<Dialer> dialer() {
        return socket().flatMap(socket -> socket.endpoint(Dialer.class, NNG.nng_pipe_dialer(id)));
    }

    /** The listener that took the connection; empty if a dialer made it, or when the pipe is gone. */
    public Optional<Listener> listener() {
        return socket().flatMap(socket -> socket.endpoint(Listener.class, NNG.nng_pipe_listener(id)));
    }

    private String address(Option<java.net.SocketAddress> option) {
        return NativeAddress.url(get(option), Endpoint.scheme(get(NngOptions.URL)));
    }

    /** {@code pipe} and its number. */
    @Override
    public String toString() {
        return "pipe " + id;
    }
}
