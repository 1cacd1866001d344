package org.nngjava;

import java.util.UUID;
import java.util.regex.Pattern;

/** Every transport, as tests use it: an address to listen at, and TLS where it is needed. */
enum Transport {
    INPROC("inproc://"),
    IPC("ipc:///tmp/nng-java-test-"),
    UNIX("unix:///tmp/nng-java-test-"),
    ABSTRACT("abstract://nng-java-test-"),
    TCP("tcp://127.0.0.1:0"),
    TCP4("tcp4://127.0.0.1:0"),
    TCP6("tcp6://[::1]:0"),
    TLS("tls+tcp://127.0.0.1:0"),
    WS("ws://127.0.0.1:0/"),
    WSS("wss://127.0.0.1:0/");

    private static final Certificates CA = new Certificates("nng-java test CA");
    private static final Certificates.Identity SERVER = CA.issue("a server", "server.test");
    private static final TlsConfig SERVER_TLS =
            TlsConfig.builder().certificate(SERVER.certificate(), SERVER.key()).build();
    private static final TlsConfig CLIENT_TLS =
            TlsConfig.builder().ca(CA.pem()).serverName("server.test").build();

    private final String prefix;

    Transport(String prefix) {
        this.prefix = prefix;
    }

    boolean isSecure() {
        return this == TLS || this == WSS;
    }

    boolean hasPorts() {
        return prefix.contains(":0");
    }

    /** Containers may have no IPv6. */
    boolean isAvailable() {
        if (this != TCP6) {
            return true;
        }
        try (RepSocket probe = RepSocket.open()) {
            probe.listen(url());
            return true;
        } catch (NngException e) {
            return false;
        }
    }

    /** An address of its own. */
    String url() {
        boolean path = this == WS || this == WSS;
        return hasPorts() && !path ? prefix : prefix + UUID.randomUUID();
    }

    /** What the URL of a bound listener looks like. */
    Pattern boundUrl() {
        return Pattern.compile(Pattern.quote(prefix.replace(":0", ":"))
                        .replace("://127.0.0.1:", "://127.0.0.1:\\E[1-9]\\d*\\Q")
                        .replace("[::1]:", "[::1]:\\E[1-9]\\d*\\Q")
                + ".*");
    }

    Listener listen(Socket socket) {
        return isSecure() ? socket.listen(url(), SERVER_TLS) : socket.listen(url());
    }

    Dialer dialAsync(Socket socket, String url) {
        return isSecure() ? socket.dialAsync(url, CLIENT_TLS) : socket.dialAsync(url);
    }

    Dialer dial(Socket socket, String url) {
        return isSecure() ? socket.dial(url, CLIENT_TLS) : socket.dial(url);
    }
}
