package org.nngjava;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The options of NNG (its manual pages nng_options(5), nng_tcp_options(5), nng_ipc_options(5), nng_tls_options(5), nng_ws(7) and those of
 * the protocols).
 *
 * <p>Each says where it may be set and read. Elsewhere it fails with {@link NngError#ENOTSUP}, or with {@link NngError#EBADTYPE} where NNG
 * knows the name with another type; setting what can only be read with {@link NngError#EREADONLY}, reading what can only be set with
 * {@link NngError#EWRITEONLY}, and a value that is not allowed with {@link NngError#EINVAL}. What the loaded library is too old for is an
 * {@link UnsupportedOperationException} that names the version.
 *
 * <p>A dialer or listener that is asked for what it does not know asks its socket, and a pipe asks its dialer or listener. They take over
 * what is set on their socket when they are made.
 */
public final class NngOptions {
    /** A duration that never ends; with {@link #REQ_RESEND_TIME} it turns resending off. */
    public static final Duration INFINITE = ChronoUnit.FOREVER.getDuration();

    // Sockets and contexts.

    /** How long a send waits; {@link #INFINITE} by default. Sockets and contexts. */
    public static final Option<Duration> SEND_TIMEOUT = Option.duration("send-timeout");

    /** How long a receive waits; {@link #INFINITE} by default. Sockets and contexts. */
    public static final Option<Duration> RECV_TIMEOUT = Option.duration("recv-timeout");

    /**
     * Messages that the socket holds for its peers before a send waits, 0 to 8192; how many by default depends on the protocol: 0, or for PUB
     * 16 for each subscriber. Sockets.
     */
    public static final Option<Integer> SEND_BUFFER = Option.integer("send-buffer");

    /**
     * Received messages that the socket holds for the program, 0 to 8192; how many by default depends on the protocol: 1, or for SUB 128.
     * Sockets, and contexts of SUB.
     */
    public static final Option<Integer> RECV_BUFFER = Option.integer("recv-buffer");

    /** A name for the program's own use, at most 63 bytes; the socket's number by default. Sockets. */
    public static final Option<String> SOCKET_NAME = Option.string("socket-name");

    /**
     * The number of forwarders ({@code nng_device}) that a message may pass, 1 to 15; 8 by default. Sockets of PAIR1, REQ, REP, SURVEYOR
     * and RESPONDENT.
     */
    public static final Option<Integer> MAX_TTL = Option.integer("ttl-max");

    /** Whether the socket is in raw mode. Sockets, read only. */
    public static final Option<Boolean> RAW = Option.flag("raw");

    /** The number of the socket's protocol, for example 0x30 for REQ. Sockets, read only. */
    public static final Option<Integer> PROTOCOL = Option.integer("protocol");

    /** The name of the socket's protocol, for example {@code req}. Sockets, read only. */
    public static final Option<String> PROTOCOL_NAME = Option.string("protocol-name");

    /** The number of the protocol that the socket's peers speak, for example 0x31 for REP. Sockets, read only. */
    public static final Option<Integer> PEER = Option.integer("peer");

    /** The name of the protocol that the socket's peers speak, for example {@code rep}. Sockets, read only. */
    public static final Option<String> PEER_NAME = Option.string("peer-name");

    // Protocols.

    /** Whether a PAIR1 socket may have many peers, as {@link PairSocket#openPolyamorous()} makes it. Such sockets, read only. */
    public static final Option<Boolean> PAIR1_POLYAMOROUS = Option.flag("pair1:polyamorous");

    /**
     * After which time REQ sends an unanswered request again; 60 s by default. A peer that holds requests for long, or must not
     * see one twice, wants {@link #INFINITE}: a lost connection then ends the request with {@link NngError#ECONNRESET}.
     * REQ sockets and contexts.
     */
    public static final Option<Duration> REQ_RESEND_TIME = Option.duration("req:resend-time");

    /**
     * How often REQ looks for requests that are to be sent again; 1 s by default. {@link #REQ_RESEND_TIME} is no more exact than this. REQ
     * sockets. From NNG 1.7 on.
     */
    public static final Option<Duration> REQ_RESEND_TICK =
            Option.duration("req:resend-tick").since(7);

    /** Whether a full subscriber drops the oldest message (on, by default) or the newest. SUB sockets and contexts. */
    public static final Option<Boolean> SUB_PREFER_NEW = Option.flag("sub:prefnew");

    /**
     * How long a survey takes answers; 1 s by default. What comes later is thrown away, as are answers that came in time but were
     * not received yet. SURVEYOR sockets and contexts.
     */
    public static final Option<Duration> SURVEY_TIME = Option.finite("surveyor:survey-time");

    // Dialers, listeners and pipes.

    /**
     * The largest message that is accepted; a peer that sends a larger one is disconnected. 0, NNG's default, is no limit:
     * set it on every listener that strangers can reach. {@code inproc} knows no limit. Sockets, dialers and listeners, before they start.
     */
    public static final Option<Size> RECV_MAX_SIZE = Option.size("recv-size-max");

    /**
     * How long a dialer waits before it connects again, at first; 1 s by default. It waits a random part of that time. Sockets and dialers.
     */
    public static final Option<Duration> RECONNECT_MIN = Option.finite("reconnect-time-min");

    /**
     * The longest that a dialer waits: its time doubles at each failure until it is that long. 0, the default, keeps
     * {@link #RECONNECT_MIN}. Sockets and dialers.
     */
    public static final Option<Duration> RECONNECT_MAX = Option.finite("reconnect-time-max");

    /** The address, as bound or as asked for. Dialers, listeners and pipes, read only. */
    public static final Option<String> URL = Option.string("url");

    /**
     * The address on this side: an {@link java.net.InetSocketAddress} for tcp and what is built on it, a
     * {@link java.net.UnixDomainSocketAddress} for ipc, else an {@link NngAddress}. Pipes, and listeners, read only; dialers of tcp, which
     * bind the IP address, but not the port, before they connect.
     */
    public static final Option<SocketAddress> LOCAL_ADDRESS = Option.address("local-address");

    /** The address of the peer. Pipes, read only. */
    public static final Option<SocketAddress> REMOTE_ADDRESS = Option.address("remote-address");

    // What is built on TCP: tcp, tls+tcp, ws and wss.

    /** Sends small messages at once; on by default. Sockets, dialers and listeners on TCP; pipes, read only. */
    public static final Option<Boolean> TCP_NODELAY = Option.flag("tcp-nodelay");

    /**
     * Lets the system notice a peer that went away without a word; off by default. Sockets, dialers and listeners on TCP; pipes, read only.
     */
    public static final Option<Boolean> TCP_KEEPALIVE = Option.flag("tcp-keepalive");

    /** The port that a listener on TCP was given. Listeners that have started, read only. */
    public static final Option<Integer> TCP_BOUND_PORT = Option.integer("tcp-bound-port");

    // TLS: tls+tcp and wss.

    /**
     * All that concerns TLS. It replaces what was set before, by the following options as well. Dialers and listeners, before they start;
     * cannot be read.
     */
    public static final Option<TlsConfig> TLS_CONFIG = Option.tlsConfig("tls-config");

    /**
     * What the peer has to prove; {@link TlsAuthMode#REQUIRED} for dialers and {@link TlsAuthMode#NONE} for listeners by default. Dialers
     * and listeners, before they start; cannot be read.
     */
    public static final Option<TlsAuthMode> TLS_AUTH_MODE = Option.tlsAuthMode("tls-authmode");

    /**
     * A file with the certificate to show to peers and its private key, which is not encrypted, both in PEM format. Dialers and listeners,
     * before they start; cannot be read.
     */
    public static final Option<Path> TLS_CERT_KEY_FILE = Option.path("tls-cert-key-file");

    /**
     * A file with the CA certificates to trust, and revocation lists if any, in PEM format; set again, it adds to them. Dialers and
     * listeners, before they start; cannot be read.
     */
    public static final Option<Path> TLS_CA_FILE = Option.path("tls-ca-file");

    /**
     * The name that the server's certificate must bear; the host of the URL by default. Dialers, before they start; cannot be read.
     */
    public static final Option<String> TLS_SERVER_NAME = Option.string("tls-server-name");

    /**
     * Whether the peer's certificate is good. It says nothing where none was asked for ({@link TlsAuthMode#NONE}). Pipes, read only.
     */
    public static final Option<Boolean> TLS_VERIFIED = Option.flag("tls-verified");

    /**
     * The common name in the peer's certificate; not to be trusted unless {@link #TLS_VERIFIED}. Pipes, read only. From NNG 1.6 on.
     */
    public static final Option<String> TLS_PEER_CN =
            Option.string("tls-peer-cn").since(6);

    /**
     * The subject alternative names in the peer's certificate; not to be trusted unless {@link #TLS_VERIFIED}. Pipes, read only. From
     * NNG 1.6 on.
     */
    public static final Option<List<String>> TLS_PEER_ALT_NAMES =
            Option.strings("tls-peer-alt-names").since(6);

    // ipc.

    /**
     * Who may connect: the permissions of the socket's file; by default what the umask leaves of all. {@code abstract} has no permissions
     * and ignores it. Listeners on ipc, before they start; cannot be read.
     */
    public static final Option<Set<PosixFilePermission>> IPC_PERMISSIONS = Option.permissions("ipc:permissions");

    /** The user that the peer's process ran as when it connected. Pipes of ipc and {@code abstract}, read only. */
    public static final Option<Long> IPC_PEER_UID = Option.number("ipc:peer-uid");

    /** The group that the peer's process ran as when it connected. Pipes of ipc and {@code abstract}, read only. */
    public static final Option<Long> IPC_PEER_GID = Option.number("ipc:peer-gid");

    /** The peer's process. Pipes of ipc and {@code abstract}, read only; Linux, Windows and illumos. */
    public static final Option<Long> IPC_PEER_PID = Option.number("ipc:peer-pid");

    /** The zone of the peer's process. Pipes of ipc, read only; illumos. */
    public static final Option<Long> IPC_PEER_ZONEID = Option.number("ipc:peer-zoneid");

    // WebSocket: ws and wss.

    /**
     * Headers of the request that makes the connection, as lines that end with CRLF. Set on dialers, before they start; set again, it adds to
     * them. Pipes read all that was sent.
     */
    public static final Option<String> WS_REQUEST_HEADERS = Option.string("ws:request-headers");

    /**
     * Headers of the response that makes the connection, as lines that end with CRLF. Set on listeners, before they start; set again, it
     * adds to them; only with the bundled library, since others end the process. Pipes read all that was sent.
     */
    public static final Option<String> WS_RESPONSE_HEADERS = Option.string("ws:response-headers");

    /** What the request that made the connection asked for, for example {@code /path?query}. Pipes, read only. */
    public static final Option<String> WS_REQUEST_URI = Option.string("ws:request-uri");

    /** Messages are sent in frames of at most this size, 64 KiB by default; 0 is no limit. Dialers and listeners. */
    public static final Option<Size> WS_SEND_MAX_FRAME = Option.size("ws:txframe-max");

    /** The largest frame that is accepted, 1 MiB by default; 0 is no limit. Dialers and listeners. */
    public static final Option<Size> WS_RECV_MAX_FRAME = Option.size("ws:rxframe-max");

    /**
     * The WebSocket sub-protocol, which both sides must agree on; by default that of the listener's SP protocol, for example
     * {@code rep.sp.nanomsg.org}. Dialers and listeners.
     */
    public static final Option<String> WS_PROTOCOL = Option.string("ws:protocol");

    /**
     * Sends text frames instead of binary ones; off by default. Only for peers that take nothing else: SP's own want binary ones, and it is
     * the program's task that what it sends is UTF-8. Dialers and listeners; pipes, read only.
     */
    public static final Option<Boolean> WS_SEND_TEXT = Option.flag("ws:send-text");

    /** Accepts text frames too; off by default. Dialers and listeners; pipes, read only. */
    public static final Option<Boolean> WS_RECV_TEXT = Option.flag("ws:recv-text");

    // Connections made elsewhere.

    /**
     * A descriptor of a connected socket, as socketpair(2) makes them, that the listener takes over. Listeners at {@code socket://}; cannot
     * be read. From NNG 1.7 on.
     */
    public static final Option<Integer> SOCKET_FD = Option.integer("socket:fd").since(7);

    /** What the names of all options for headers of responses begin with. */
    static final String WS_RESPONSE_HEADER = "ws:response-header";

    private NngOptions() {}

    /**
     * One header of the request that makes a WebSocket connection, for example {@code Authorization}; case does not matter. Dialers set it,
     * before they start. Pipes read it: one that was not sent fails with {@link NngError#ENOENT}.
     */
    public static Option<String> wsRequestHeader(String name) {
        return Option.string("ws:request-header:" + Objects.requireNonNull(name, "name"));
    }

    /**
     * One header of the response that makes a WebSocket connection; case does not matter. Listeners set it, before they start, with
     * the bundled library. Pipes read it: one that was not sent fails with {@link NngError#ENOENT}.
     */
    public static Option<String> wsResponseHeader(String name) {
        return Option.string(WS_RESPONSE_HEADER + ":" + Objects.requireNonNull(name, "name"));
    }
}
