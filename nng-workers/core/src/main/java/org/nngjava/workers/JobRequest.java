package org.nngjava.workers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.nngjava.workers.internal.Limits;

/** What is asked of a {@link JobQueue}: a type of work, something to work on and how. Immutable. */
public final class JobRequest {
    /** The longest name of a type, in characters. */
    public static final int MAX_TYPE = Limits.NAME;

    /** The most that all options may have together, in characters. */
    public static final int MAX_OPTIONS = 8_192;

    private final String type;
    private final Blob stored;
    private final ByteBuffer bytes;
    private final Map<String, String> options;
    private final Duration timeout;
    private final int retries;

    private JobRequest(Builder builder) {
        type = builder.type;
        stored = builder.stored;
        bytes = builder.bytes;
        options = Map.copyOf(builder.options);
        timeout = builder.timeout;
        retries = builder.retries;
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

    String type() {
        return type;
    }

    Blob storedPayload() {
        return stored;
    }

    ByteBuffer payloadBytes() {
        return bytes;
    }

    Map<String, String> options() {
        return options;
    }

    Duration timeout() {
        return timeout;
    }

    int retries() {
        return retries;
    }

    /** Builds a {@link JobRequest}. For one thread. */
    public static final class Builder {
        private final String type;
        private Blob stored;
        private ByteBuffer bytes;
        private final Map<String, String> options = new LinkedHashMap<>();
        private Duration timeout = Duration.ofMinutes(10);
        private int retries = 2;

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
         * @param limit longer than zero
         * @return this
         */
        public Builder timeout(Duration limit) {
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("a time-out is longer than " + limit);
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
         * Builds the request.
         *
         * @return the request
         * @throws IllegalArgumentException if the options are too long, or cannot be written in UTF-8
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
            return new JobRequest(this);
        }
    }
}
