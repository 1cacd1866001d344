package org.nngjava;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The options of NNG (its manual page nng_options(5)). Each says where it may be set; elsewhere NNG answers
 * {@link NngError#ENOTSUP}.
 */
public final class NngOptions {
    /** A duration that never ends; with {@link #REQ_RESEND_TIME} it turns resending off. */
    public static final Duration INFINITE = ChronoUnit.FOREVER.getDuration();

    /** How long a send waits; {@link #INFINITE} by default. Sockets and contexts. */
    public static final Option<Duration> SEND_TIMEOUT = Option.duration("send-timeout");

    /** How long a receive waits; {@link #INFINITE} by default. Sockets and contexts. */
    public static final Option<Duration> RECV_TIMEOUT = Option.duration("recv-timeout");

    /** Messages that the socket holds for its peers before a send waits, 0 to 8192. Sockets. */
    public static final Option<Integer> SEND_BUFFER = Option.integer("send-buffer");

    /** Received messages that the socket holds for the program, 0 to 8192. Sockets. */
    public static final Option<Integer> RECV_BUFFER = Option.integer("recv-buffer");

    /**
     * The largest message that is accepted; a peer that sends a larger one is disconnected. 0, NNG's default, is no limit:
     * set it on every listener that strangers can reach. Sockets, dialers and listeners, before they start.
     */
    public static final Option<Size> RECV_MAX_SIZE = Option.size("recv-size-max");

    /** How long a dialer waits before it connects again, at first; 1 s by default. Sockets and dialers. */
    public static final Option<Duration> RECONNECT_MIN = Option.duration("reconnect-time-min");

    /** The longest that a dialer waits; 0, the default, keeps {@link #RECONNECT_MIN}. Sockets and dialers. */
    public static final Option<Duration> RECONNECT_MAX = Option.duration("reconnect-time-max");

    /** A name for logs and statistics, at most 63 bytes. Sockets. */
    public static final Option<String> SOCKET_NAME = Option.string("socket-name");

    /** The number of forwarders a message may pass, 1 to 15; 8 by default. Sockets. */
    public static final Option<Integer> MAX_TTL = Option.integer("ttl-max");

    /** The address, as bound or as asked for. Dialers and listeners, read only. */
    public static final Option<String> URL = Option.string("url");

    /** Whether the socket is in raw mode. Sockets, read only. */
    public static final Option<Boolean> RAW = Option.flag("raw");

    /** The name of the socket's protocol, for example {@code req}. Sockets, read only. */
    public static final Option<String> PROTOCOL_NAME = Option.string("protocol-name");

    /** Sends small messages at once; on by default. Dialers and listeners on tcp and tls. */
    public static final Option<Boolean> TCP_NODELAY = Option.flag("tcp-nodelay");

    /** Lets the system notice a peer that went away without a word; off by default. Dialers and listeners on tcp and tls. */
    public static final Option<Boolean> TCP_KEEPALIVE = Option.flag("tcp-keepalive");

    /**
     * After which time REQ sends an unanswered request again; 60 s by default. A peer that holds requests for long, or must not
     * see one twice, wants {@link #INFINITE}: a lost connection then ends the request with {@link NngError#ECONNRESET}.
     * REQ sockets and contexts.
     */
    public static final Option<Duration> REQ_RESEND_TIME = Option.duration("req:resend-time");

    /**
     * How long a survey takes answers; 1 s by default. What comes later is thrown away, as are answers that came in time but were
     * not received yet. SURVEYOR sockets and contexts.
     */
    public static final Option<Duration> SURVEY_TIME = Option.duration("surveyor:survey-time");

    /** Whether a full subscriber drops the oldest message (on, by default) or the newest. SUB sockets and contexts. */
    public static final Option<Boolean> SUB_PREFER_NEW = Option.flag("sub:prefnew");

    private NngOptions() {}
}
