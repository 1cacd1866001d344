package org.nngjava.workers;

import java.time.Duration;
import java.util.Objects;
import org.nngjava.NngException;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;
import org.nngjava.workers.internal.Intake;

/**
 * The receiving end of a {@link Pipeline}: handles one message after the other. Any number of pipelines may send to it. A handler that sends on to
 * a pipeline of its own makes this a stage; if it waits until that has delivered, none is lost on the whole way.
 *
 * <p>Safe for use by many threads. As long as it is open the JVM does not end by itself.
 */
public final class PipelineSink implements AutoCloseable {
    private final Intake intake;

    private PipelineSink(Intake intake) {
        this.intake = intake;
    }

    /**
     * Begins a sink.
     *
     * @param url where to listen, such as {@code tcp://127.0.0.1:4444}; beyond loopback {@code tls+tcp} with client certificates only
     * @return a builder: it needs a handler
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /**
     * Where it listens, as bound.
     *
     * @return the URL, with the port that was chosen for a port 0
     */
    public String url() {
        return intake.url();
    }

    /**
     * How many messages were handled, well or badly.
     *
     * @return since the start
     */
    public long handled() {
        return intake.handled();
    }

    /**
     * How many of them the handler failed to handle.
     *
     * @return since the start
     */
    public long failed() {
        return intake.failed();
    }

    /**
     * Ends in an orderly way. With acknowledgement: finishes the message at hand; its source gives the others to other sinks. Without: handles what
     * has arrived, until nothing comes for a moment.
     *
     * @param timeout how long that may take; then the handler is interrupted
     * @return true if it was done in time
     * @throws InterruptedException if the caller is interrupted; it is closed then
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        return intake.stop(timeout);
    }

    /** Stops without waiting: the handler is interrupted. Idempotent. */
    @Override
    public void close() {
        intake.close();
    }

    /** Builds a {@link PipelineSink}. For one thread. */
    public static final class Builder {
        private final String url;
        private boolean acknowledges;
        private TlsConfig tls;
        private PipelineHandler handler;

        private Builder(String url) {
            this.url = Objects.requireNonNull(url, "url");
        }

        /**
         * Acknowledges each message when it is handled, as its source asks for by {@link Pipeline.Builder#acknowledged()}.
         *
         * @return this
         */
        public Builder acknowledge() {
            acknowledges = true;
            return this;
        }

        /**
         * Sets the certificates for an address of {@code tls+tcp}.
         *
         * @param config with the sink's certificate; with {@link org.nngjava.TlsAuthMode#REQUIRED} only those get in who have one that its CA has
         *     signed
         * @return this
         */
        public Builder tls(TlsConfig config) {
            tls = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Sets what handles the messages.
         *
         * @param what called by one thread
         * @return this
         */
        public Builder handle(PipelineHandler what) {
            handler = Objects.requireNonNull(what, "what");
            return this;
        }

        /**
         * Starts the sink.
         *
         * @return the sink, to be stopped or closed by the caller
         * @throws IllegalStateException if there is no handler
         * @throws IllegalArgumentException if the URL would be open to everybody
         * @throws NngException if the URL is malformed or cannot be bound
         */
        public PipelineSink start() {
            if (handler == null) {
                throw new IllegalStateException("a sink needs a handler");
            }
            return new PipelineSink(new Intake(url, new Access(tls, null), acknowledges, handler));
        }
    }
}
