package org.nngjava.workers.internal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nngjava.workers.WorkerMode;

/** What the broker answers a worker. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reply.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Reply.Nothing.class, name = "nothing"),
    @JsonSubTypes.Type(value = Reply.Orders.class, name = "orders"),
    @JsonSubTypes.Type(value = Reply.Chunk.class, name = "chunk"),
    @JsonSubTypes.Type(value = Reply.Stored.class, name = "stored"),
    @JsonSubTypes.Type(value = Reply.Refused.class, name = "refused")
})
public sealed interface Reply {
    /** What became of a report. The worker forgets the report in either case. */
    enum Verdict {
        /** It counts, now or since an earlier copy of it. */
        CONFIRMED,
        /** Its lease had ended before it came: it is as if the attempt had never been. */
        REFUSED
    }

    /**
     * A job, leased to the slot that asked. A small payload is the body of the message.
     *
     * @param verdict on the report that came with the question; null if none came
     * @param job the job's id
     * @param type what to do
     * @param attempt counts the attempts
     * @param token of the lease
     * @param options for the handler
     * @param payloadSize in bytes; fetched by {@link Request.Get} unless it is the body
     * @param payloadSha256 the digest of the payload in hexadecimal digits; null if the job has none
     * @param timeoutMs how long the handler may run
     * @param labels for the handler
     */
    record Run(
            Verdict verdict,
            String job,
            String type,
            int attempt,
            String token,
            Map<String, String> options,
            long payloadSize,
            String payloadSha256,
            long timeoutMs,
            Set<String> labels)
            implements Reply {
        /** Copies options and labels. */
        public Run {
            options = options == null ? Map.of() : Map.copyOf(options);
            labels = labels == null ? Set.of() : Set.copyOf(labels);
        }
    }

    /**
     * No job for now.
     *
     * @param verdict on the report that came with the question; null if none came
     */
    record Nothing(Verdict verdict) implements Reply {}

    /**
     * The answer to a heartbeat.
     *
     * @param drop tokens of leases that are no more: reported, cancelled, or given to others
     * @param leaseMs how long a lease lasts without a heartbeat
     * @param heartbeatMs how often to send one
     * @param order what to do from now on; null if there is nothing that the worker has not carried out
     */
    record Orders(List<String> drop, long leaseMs, long heartbeatMs, Order order) implements Reply {
        /** Copies the list. */
        public Orders {
            drop = drop == null ? List.of() : List.copyOf(drop);
        }
    }

    /**
     * Tells a worker to change its mode. Repeated until the worker says that it has.
     *
     * @param number later orders have higher numbers
     * @param mode the mode to change to
     * @param haltMs when halting, how long the jobs that run may take
     */
    record Order(long number, WorkerMode mode, long haltMs) {
        /** Checks that nothing is missing. */
        public Order {
            Objects.requireNonNull(mode, "mode");
        }
    }

    /**
     * A part of a payload: the body of the message.
     *
     * @param offset of its first byte
     */
    record Chunk(long offset) implements Reply {}

    /**
     * A part of a result is stored.
     *
     * @param offset where the next part belongs
     */
    record Stored(long offset) implements Reply {}

    /**
     * The request was not served.
     *
     * @param code one of the constants here
     * @param message for people
     */
    record Refused(String code, String message) implements Reply {
        /** The request is in another version of the protocol. */
        public static final String VERSION = "version";

        /** The request cannot be read. */
        public static final String MALFORMED = "malformed";

        /** Too many requests of this connection are unanswered. */
        public static final String BUSY = "busy";

        /** The token is missing or wrong. */
        public static final String DENIED = "denied";

        /** The lease has ended. */
        public static final String STALE = "stale";

        /** The part does not belong where the request says. */
        public static final String OFFSET = "offset";

        /** The blob store failed. */
        public static final String STORAGE = "storage";

        /** To whoever shows no token, or a wrong one. */
        static Refused denied() {
            return new Refused(DENIED, "this queue asks for its token");
        }
    }
}
