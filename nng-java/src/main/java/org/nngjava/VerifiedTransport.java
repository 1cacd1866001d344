package org.nngjava;

import java.nio.file.Path;
import java.util.UUID;

/** A transport that {@link NngVerifier} uses. */
enum VerifiedTransport {
    INPROC("inproc"),
    IPC("ipc"),
    ABSTRACT("abstract"),
    TCP("tcp"),
    TLS("tls+tcp"),
    WS("ws"),
    WSS("wss");

    private final String scheme;

    VerifiedTransport(String scheme) {
        this.scheme = scheme;
    }

    /** Whether there is such a thing on this system, with this library. */
    boolean isHere() {
        return switch (this) {
            case ABSTRACT -> System.getProperty("os.name").equals("Linux");
            case TLS, WSS -> Nng.tlsEngine().isPresent();
            default -> true;
        };
    }

    /** Connects two sockets, and returns when both know it. */
    void connect(Socket listening, Socket dialing) {
        if (this == TLS || this == WSS) {
            String bound = listening.listen(url(), Pem.SERVER).url();
            dialing.dial(bound, Pem.CLIENT);
        } else {
            dialing.dial(listening.listen(url()).url());
        }
        listening.awaitPeers(1, NngVerifier.PATIENCE);
    }

    /** An address of its own to listen at, on this machine only. */
    private String url() {
        String unique = "nng-verifier-" + UUID.randomUUID();
        return scheme + "://"
                + switch (this) {
                    case INPROC, ABSTRACT -> unique;
                    // On Windows it is the name of a pipe, elsewhere a file.
                    case IPC -> isWindows() ? unique : Path.of(System.getProperty("java.io.tmpdir"), unique);
                    case TCP, TLS -> "127.0.0.1:0";
                    case WS, WSS -> "127.0.0.1:0/" + unique;
                };
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    @Override
    public String toString() {
        return scheme;
    }

    /** A certificate of localhost, signed by itself, from 2020 to 2120. Its key is public, and good for nothing but this. */
    private static final class Pem {
        private static final String CERTIFICATE = """
                -----BEGIN CERTIFICATE-----
                MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
                c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
                CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFVzAroZw1Gj61BL
                xFiOHRKW84NR++ukUgMIm7R0+qidKEA5tfrpZyLgm7CepWHdiBQlckesxIwHSmrM
                xnp4/sijSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
                MB0GA1UdDgQWBBTwOeJdCwQh8Syrzph/ILW384Le6TAKBggqhkjOPQQDAgNIADBF
                AiAFu7nW3xx3fRwuhc/3UkjvVlWxCz5NarqKhRE/l6k23wIhAIG91ZXCx/+yg+Kj
                6Nx9G+ip/sL6v/Emup/NoA/+FyU6
                -----END CERTIFICATE-----
                """;
        private static final String KEY = """
                -----BEGIN PRIVATE KEY-----
                MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9yHrG/h9gjdgvAqn
                4AjuzdUjI6uW64WYMO+N1xEWtUKhRANCAARVcwK6GcNRo+tQS8RYjh0SlvODUfvr
                pFIDCJu0dPqonShAObX66Wci4JuwnqVh3YgUJXJHrMSMB0pqzMZ6eP7I
                -----END PRIVATE KEY-----
                """;

        static final TlsConfig SERVER =
                TlsConfig.builder().certificate(CERTIFICATE, KEY).build();
        static final TlsConfig CLIENT =
                TlsConfig.builder().ca(CERTIFICATE).serverName("localhost").build();

        private Pem() {}
    }
}
