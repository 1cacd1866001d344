package org.nngjava.conformance;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;

/**
 * Where an endpoint listens: {@code tcp://host:port}, {@code ipc://path}, {@code ws://host:port/path}.
 *
 * @param transport the mapping spoken there
 * @param socket what to connect to
 * @param path what a WebSocket client asks for; empty elsewhere
 */
record Address(Transport transport, SocketAddress socket, String path) {

    /** Reads a URL. */
    static Address of(String url) {
        if (url.startsWith("ipc://")) {
            return new Address(Transport.IPC, UnixDomainSocketAddress.of(url.substring("ipc://".length())), "");
        }
        URI uri = URI.create(url);
        if (uri.getHost() == null || uri.getPort() < 1) {
            throw new IllegalArgumentException("not tcp://host:port, ipc://path or ws://host:port/path: " + url);
        }
        InetSocketAddress socket = new InetSocketAddress(uri.getHost(), uri.getPort());
        return switch (uri.getScheme()) {
            case "tcp" -> new Address(Transport.TCP, socket, "");
            case "ws" -> new Address(Transport.WS, socket, uri.getPath().isEmpty() ? "/" : uri.getPath());
            default -> throw new IllegalArgumentException("no transport " + uri.getScheme() + ", but tcp, ipc and ws");
        };
    }

    /** The Host field of a WebSocket client. */
    String host() {
        return socket instanceof InetSocketAddress inet ? inet.getHostString() + ":" + inet.getPort() : "localhost";
    }
}
