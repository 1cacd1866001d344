package org.nngjava.workers.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.nngjava.workers.JobRequest;

/** The sizes and counts that both ends of the wire keep to; see docs/protocol.md. */
public final class Limits {
    /** The longest JSON header, in bytes. */
    public static final int HEADER = 64 * 1024;

    /** The most bytes of a payload or result in one message. */
    public static final int CHUNK = 1024 * 1024;

    /** Payloads and results up to this many bytes travel with their job and are remembered with it. */
    public static final int SMALL = 16 * 1024;

    /** The longest message, in bytes: magic, length, header and chunk, with room for SP's own headers. */
    public static final int MESSAGE = HEADER + CHUNK + 256;

    /** How many requests of one connection may be unanswered: half of what NNG holds before it drops replies. */
    public static final int UNANSWERED = 32;

    /** The longest names and ids, in characters. */
    public static final int NAME = 128;

    /** The most slots of a worker, so that its leases fit into the header of a heartbeat. */
    public static final int SLOTS = 256;

    /** The most types that a worker may handle. */
    public static final int TYPES = 64;

    /** The most labels of a job or a worker. */
    public static final int LABELS = 32;

    private Limits() {}

    /**
     * A time as it was given, or as long as any that a clock can be told.
     *
     * @param time how long to wait
     * @return at most {@link JobRequest#LONGEST_WAIT}
     */
    public static Duration time(Duration time) {
        return time.compareTo(JobRequest.LONGEST_WAIT) < 0 ? time : JobRequest.LONGEST_WAIT;
    }

    /**
     * Checks labels.
     *
     * @param labels null for none
     * @return the labels, never null
     * @throws IllegalArgumentException if there are too many, or one is not a name
     */
    public static Set<String> labels(Collection<String> labels) {
        Set<String> all = labels == null ? Set.of() : new TreeSet<>(labels);
        if (all.size() > LABELS) {
            throw new IllegalArgumentException(all.size() + " labels, over " + LABELS);
        }
        all.forEach(label -> name("a label", label));
        return Collections.unmodifiableSet(all);
    }

    /**
     * Checks a name or id.
     *
     * @param what for the message
     * @param value what to check
     * @throws IllegalArgumentException if it is missing, too long, or cannot be written in UTF-8
     */
    public static void name(String what, String value) {
        if (value == null || value.isEmpty() || value.length() > NAME) {
            throw new IllegalArgumentException(what + " has 1 to " + NAME + " characters");
        }
        text(what, value);
    }

    /**
     * Checks that a text can be written in UTF-8.
     *
     * @param what for the message
     * @param value what to check
     * @throws IllegalArgumentException if it has half of a surrogate pair
     */
    public static void text(String what, String value) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException(what + " is not a text that can be written in UTF-8");
        }
    }
}
