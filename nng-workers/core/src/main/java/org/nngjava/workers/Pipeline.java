package org.nngjava.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.nngjava.NngException;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;
import org.nngjava.workers.internal.Distribution;
import org.nngjava.workers.internal.Limits;

/**
 * The source of a pipeline: shares messages out to {@link PipelineSink}s, to each in its turn. Safe for use by many threads.
 *
 * <p>A sink has at most as many messages as its {@linkplain Builder#buffer buffer} takes; when it is full, or away, the others get its share, and
 * when all are, {@link #send(byte[])} refuses. So what is held here never grows beyond buffer times sinks. A sink that comes back gets its share
 * again.
 *
 * <p>A plain pipeline is PUSH to PULL (sp-pipeline): a message counts as delivered when the connection has taken it, and what is on its way to
 * a sink that dies is lost with it. With {@linkplain Builder#acknowledged acknowledgement} it is REQ to REP (sp-request-reply-01): each message is
 * kept until its sink has handled it, and goes to another one if its sink dies or does not answer. Then none is lost while this process lives, but
 * one may be handled twice.
 *
 * <p>There is no order between messages, and nothing is on disk: what must outlive this process, or be tried again when its handler fails, is a
 * job for a {@link JobQueue}.
 */
public final class Pipeline implements AutoCloseable {
    /** The most bytes of a message. */
    public static final int MAX_MESSAGE = Distribution.MAX_MESSAGE;

    private final Distribution distribution;

    private Pipeline(Distribution distribution) {
        this.distribution = distribution;
    }

    /**
     * Begins a pipeline.
     *
     * @return a builder: it needs a sink at least
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Waits until so many sinks are connected at once, so that nobody needs to sleep for those who are slow to start.
     *
     * @param number how many
     * @param timeout how long to wait at most
     * @return true if they are; false if the time was over first, when {@link #sinks()} tells why
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean awaitSinks(int number, Duration timeout) throws InterruptedException {
        return distribution.awaitSinks(number, timeout);
    }

    /**
     * Sends a message to the next sink that has room, or fails at once if none has.
     *
     * @param message at most {@value #MAX_MESSAGE} bytes; must not be changed before it is delivered
     * @return completes when it is delivered, and is cancelled if this is closed first; cancelling it changes nothing. What depends on it runs on
     *     a thread of NNG's: use the async forms for whatever may block
     * @throws PipelineFullException if no sink has room
     * @throws IllegalArgumentException if the message is too long
     * @throws IllegalStateException if this drains or is closed
     */
    public CompletableFuture<Void> send(byte[] message) {
        return distribution.send(message);
    }

    /**
     * Like {@link #send(byte[])}, but waits for room.
     *
     * @param message as there
     * @param timeout how long to wait at most
     * @return as there
     * @throws PipelineFullException if no sink had room in time
     * @throws InterruptedException if the caller is interrupted; nothing was sent then
     */
    public CompletableFuture<Void> send(byte[] message, Duration timeout) throws InterruptedException {
        return distribution.send(message, timeout);
    }

    /**
     * The sinks.
     *
     * @return as they are now, in the order in which they were named
     */
    public List<SinkStatus> sinks() {
        return distribution.sinks();
    }

    /**
     * Takes no more messages and waits until all are delivered; of a plain pipeline, until the system has them, which delivers them even after
     * this is closed.
     *
     * @param timeout how long to wait at most
     * @return true if all are; false if the time was over first
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        return distribution.drain(timeout);
    }

    /** Closes the connections. What is not delivered yet is cancelled. Idempotent. */
    @Override
    public void close() {
        distribution.close();
    }

    /** Builds a {@link Pipeline}. For one thread. */
    public static final class Builder {
        private static final int MOST_BUFFERED = 8192;

        private final List<String> urls = new ArrayList<>();
        private int buffer = 1000;
        private Duration acknowledgement;
        private TlsConfig tls;
        private Consumer<SinkStatus> listener = sink -> {};

        private Builder() {}

        /**
         * Adds a sink.
         *
         * @param url where it listens, such as {@code tcp://127.0.0.1:4444} or {@code ipc:///run/sink}; beyond loopback {@code tls+tcp} only
         * @return this
         */
        public Builder sink(String url) {
            urls.add(Objects.requireNonNull(url, "url"));
            return this;
        }

        /**
         * Keeps each message until its sink has handled it. The sinks must be told so, too.
         *
         * @return this
         */
        public Builder acknowledged() {
            return acknowledged(Duration.ofMinutes(1));
        }

        /**
         * Like {@link #acknowledged()}, for handlers that take their time.
         *
         * @param timeout after which a sink that has messages and acknowledges none is disconnected, and they go to others: longer than it takes to
         *     handle one; unless set, a minute
         * @return this
         */
        public Builder acknowledged(Duration timeout) {
            acknowledgement = Limits.time(timeout);
            if (acknowledgement.toMillis() <= 0) {
                throw new IllegalArgumentException("a sink needs some time to acknowledge, not " + timeout);
            }
            return this;
        }

        /**
         * Sets how many messages a sink may have that are not delivered yet. In a plain pipeline what the network buffers comes on top of that.
         *
         * @param messages 1 to 8192; unless set, 1000
         * @return this
         */
        public Builder buffer(int messages) {
            if (messages < 1 || messages > MOST_BUFFERED) {
                throw new IllegalArgumentException(
                        "a buffer takes 1 to " + MOST_BUFFERED + " messages, not " + messages);
            }
            buffer = messages;
            return this;
        }

        /**
         * Sets the certificates for sinks at {@code tls+tcp}.
         *
         * @param config with the CA to trust, and a certificate if the sinks ask for one
         * @return this
         */
        public Builder tls(TlsConfig config) {
            tls = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Hears when sinks come and go.
         *
         * @param listener called for one event of a sink at a time, by a thread of the binding, which may block
         * @return this
         */
        public Builder onSink(Consumer<SinkStatus> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Opens the pipeline: returns at once and connects in the background, again and again.
         *
         * @return the pipeline, to be closed by the caller
         * @throws IllegalStateException if there is no sink
         * @throws IllegalArgumentException if one is named twice, or its URL is not secure and not on this machine
         * @throws NngException if a URL is malformed
         */
        public Pipeline open() {
            if (urls.isEmpty()) {
                throw new IllegalStateException("a pipeline needs a sink");
            }
            return new Pipeline(new Distribution(urls, new Access(tls, null), buffer, acknowledgement, listener));
        }
    }
}
