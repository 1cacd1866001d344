package org.nngjava.workers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nngjava.workers.internal.Limits;
import org.nngjava.workers.internal.Submission;

/** What is asked of a {@link JobQueue}: a type of work, something to work on and how. Immutable. */
public final class JobRequest {
    /** The longest name of a type, in characters. */
    public static final int MAX_TYPE = Limits.NAME;

    /** The most that all options may have together, in characters. */
    public static final int MAX_OPTIONS = 8_192;

    /** The most labels of a job or a worker; each has 1 to {@value #MAX_TYPE} characters. */
    public static final int MAX_LABELS = Limits.LABELS;

    /** How long a job may wait for its time. */
    public static final Duration LONGEST_WAIT = Duration.ofDays(36_525);

    private final String type;
    private final Blob stored;
    private final ByteBuffer bytes;
    private final Map<String, String> options;
    private final Duration timeout;
    private final int retries;
    private final Backoff backoff;
    private final int priority;
    private final Set<String> labels;
    private final String key;
    private final Duration delay;
    private final Instant runAt;
    private final String resultOf;

    private JobRequest(Builder builder) {
        type = builder.type;
        stored = builder.stored;
        bytes = builder.bytes;
        options = Map.copyOf(builder.options);
        timeout = builder.timeout;
        retries = builder.retries;
        backoff = builder.backoff;
        priority = builder.priority;
        labels = Set.copyOf(builder.labels);
        key = builder.key;
        delay = builder.delay;
        runAt = builder.runAt;
        resultOf = builder.resultOf;
    }

    /**
     * Begins a request.
     *
     * @param type which handler runs the job, 1 to {@value #MAX_TYPE} characters
     * @return a builder for it, with no payload, no options, a time-out of ten minutes and two retries
     */
    public static Builder builder(String type) {
        return new Builder(type);
    }

    Blob storedPayload() {
        return stored;
    }

    ByteBuffer payloadBytes() {
        return bytes;
    }

    /** The job whose result will do, or null. */
    String resultOf() {
        return resultOf;
    }

    /** As the broker is told, once it is known where the payload is, and what is known of the job whose result will do. */
    Submission submission(Blob blob, ByteBuffer smallPayload, StoredJob done) {
        Instant dueAt = delay == null ? runAt : Instant.now().plus(delay);
        return new Submission(
                type, options, blob, smallPayload, retries + 1, timeout, priority, labels, key, backoff, dueAt, done);
    }

    /** Builds a {@link JobRequest}. For one thread. */
    public static final class Builder {
        private final String type;
        private Blob stored;
        private ByteBuffer bytes;
        private final Map<String, String> options = new LinkedHashMap<>();
        private Duration timeout = Duration.ofMinutes(10);
        private int retries = 2;
        private Backoff backoff = Backoff.DEFAULT;
        private int priority;
        private final Set<String> labels = new HashSet<>();
        private String key;
        private Duration delay;
        private Instant runAt;
        private String resultOf;

        private Builder(String type) {
            Limits.name("a job's type", type);
            this.type = type;
        }

        /**
         * Gives the payload as bytes, which are copied.
         *
         * @param payload what to work on
         * @return this
         */
        public Builder payload(byte[] payload) {
            stored = null;
            bytes = ByteBuffer.wrap(payload.clone()).asReadOnlyBuffer();
            return this;
        }

        /**
         * Gives the payload as a blob that was written to {@link JobQueue#blobs()}. It belongs to the queue once the job
         * is accepted, and is deleted when the job is finished. If the queue refuses the job it stays with the caller.
         *
         * @param payload what to work on
         * @return this
         */
        public Builder payload(Blob payload) {
            stored = Objects.requireNonNull(payload, "payload");
            bytes = null;
            return this;
        }

        /**
         * Adds options for the handler.
         *
         * @param more names and values, at most {@value #MAX_OPTIONS} characters in all
         * @return this
         */
        public Builder options(Map<String, String> more) {
            options.putAll(more);
            return this;
        }

        /**
         * Limits how long one attempt may run. Then the handler is interrupted and the attempt has failed.
         *
         * @param limit longer than zero, at most {@link #LONGEST_WAIT}
         * @return this
         */
        public Builder timeout(Duration limit) {
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("a time-out is longer than " + limit);
            }
            if (limit.compareTo(LONGEST_WAIT) > 0) {
                throw new IllegalArgumentException("a time-out is at most " + LONGEST_WAIT + ", not " + limit);
            }
            timeout = limit;
            return this;
        }

        /**
         * Says how often a failed attempt is repeated. Permanent failures are not, and attempts that ended with their
         * worker count on an account of their own.
         *
         * @param count 0 or more
         * @return this
         */
        public Builder retries(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("retries: " + count);
            }
            retries = count;
            return this;
        }

        /**
         * Says how long the job waits after an attempt that failed.
         *
         * @param backoff unless given, {@link Backoff#DEFAULT}
         * @return this
         */
        public Builder backoff(Backoff backoff) {
            this.backoff = Objects.requireNonNull(backoff, "backoff");
            return this;
        }

        /**
         * Lets the job overtake others of its type. As long as there are some of a higher priority, those of a lower one wait.
         *
         * @param priority the higher, the earlier; unless given, 0
         * @return this
         */
        public Builder priority(int priority) {
            this.priority = priority;
            return this;
        }

        /**
         * Starts the job later. Meanwhile it counts among those that are queued.
         *
         * @param time how long after it is submitted, at the earliest; at most {@link #LONGEST_WAIT}
         * @return this
         */
        public Builder delay(Duration time) {
            if (time.isNegative() || time.compareTo(LONGEST_WAIT) > 0) {
                throw new IllegalArgumentException("a delay of " + time);
            }
            delay = time;
            runAt = null;
            return this;
        }

        /**
         * Starts the job at a time of day, at the earliest.
         *
         * @param at when; in the past for at once, in the future at most by {@link #LONGEST_WAIT}
         * @return this
         */
        public Builder runAt(Instant at) {
            if (at.isAfter(Instant.now().plus(LONGEST_WAIT))) {
                throw new IllegalArgumentException("a job that starts at " + at);
            }
            runAt = at;
            delay = null;
            return this;
        }

        /**
         * Makes it safe to submit the job again when it is not known whether it was accepted: as long as the queue remembers a job of the
         * same type with this key, finished or not, submitting gives that one, and nothing new. A blob that was given as payload is
         * deleted then.
         *
         * @param key 1 to 128 characters
         * @return this
         */
        public Builder key(String key) {
            Limits.name("a job's key", key);
            this.key = key;
            return this;
        }

        /**
         * Says that the result of another job will do. If that one has succeeded and is remembered when this one is submitted, this one
         * succeeds at once with the same result, without an attempt; otherwise it runs. A result that jobs share is deleted with the last
         * of them.
         *
         * @param jobId the other job
         * @return this
         */
        public Builder resultOf(String jobId) {
            resultOf = Objects.requireNonNull(jobId, "jobId");
            return this;
        }

        /**
         * Marks the job, for its handler and for whoever reads or lists it.
         *
         * @param more each of 1 to 128 characters, at most {@value #MAX_LABELS} in all
         * @return this
         */
        public Builder labels(String... more) {
            labels.addAll(Limits.labels(List.of(more)));
            return this;
        }

        /**
         * Builds the request.
         *
         * @return the request
         * @throws IllegalArgumentException if options or labels are too many or too long, or cannot be written in UTF-8
         */
        public JobRequest build() {
            long length = options.entrySet().stream()
                    .mapToLong(option ->
                            option.getKey().length() + (long) option.getValue().length())
                    .sum();
            options.forEach((name, value) -> {
                Limits.text("an option's name", name);
                Limits.text("an option", value);
            });
            if (length > MAX_OPTIONS) {
                throw new IllegalArgumentException("options of " + length + " characters, over " + MAX_OPTIONS);
            }
            Limits.labels(labels);
            return new JobRequest(this);
        }
    }
}
