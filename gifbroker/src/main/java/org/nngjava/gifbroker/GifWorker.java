package org.nngjava.gifbroker;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.GifConverter;
import org.nngjava.gifbroker.media.MediaLimits;
import org.nngjava.gifbroker.media.WorkDirectories;
import org.nngjava.gifbroker.media.WorkDirectories.WorkDirectory;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Worker;

/** A worker that converts movies, with its ffmpeg and its work directory. */
public final class GifWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GifWorker.class.getName());

    private final Worker worker;
    private final WorkDirectory directory;

    private GifWorker(Worker worker, WorkDirectory directory) {
        this.worker = worker;
        this.directory = directory;
    }

    /** Begins a worker: it needs a queue. */
    public static Builder builder() {
        return new Builder();
    }

    /** The name that jobs show. */
    public String name() {
        return worker.name();
    }

    /**
     * Takes no more jobs, finishes those at hand if they take no longer than this, gives back the others, and closes.
     *
     * @throws InterruptedException if the caller is interrupted; the worker is closed then
     */
    public void stop(Duration atMost) throws IOException, InterruptedException {
        try {
            worker.stop(atMost);
        } finally {
            directory.close();
        }
    }

    /** Closes without waiting; jobs at hand are given back. Idempotent. */
    @Override
    public void close() throws IOException {
        worker.close();
        directory.close();
    }

    /** Builds a {@link GifWorker}. For one thread. */
    public static final class Builder {
        private final Worker.Builder worker = Worker.builder();
        private Ffmpeg ffmpeg;
        private MediaLimits limits = MediaLimits.defaults();
        private Path work;

        private Builder() {}

        /** Works for a queue in another process. */
        public Builder connect(String url) {
            worker.connect(url);
            return this;
        }

        /** Works for a queue in this process. */
        public Builder queue(JobQueue queue) {
            worker.queue(queue);
            return this;
        }

        /** Sets what to show to a queue that asks for a token. */
        public Builder token(Secret token) {
            worker.token(token.value());
            return this;
        }

        /** Sets the certificates for a queue at {@code tls+tcp}, which needs some. */
        public Builder tls(TlsFiles files) {
            if (!files.equals(TlsFiles.NONE)) {
                worker.tls(files.client());
            }
            return this;
        }

        /** Sets the name that jobs show. */
        public Builder name(String name) {
            worker.name(name);
            return this;
        }

        /** Sets how many movies are converted at a time. */
        public Builder slots(int count) {
            worker.slots(count);
            return this;
        }

        /** Sets what converts. */
        public Builder ffmpeg(Ffmpeg program) {
            ffmpeg = program;
            return this;
        }

        /** Limits each conversion; otherwise by {@link MediaLimits#defaults()}. */
        public Builder limits(MediaLimits each) {
            limits = each;
            return this;
        }

        /**
         * Sets where work directories are made; what dead workers left there is removed.
         *
         * @param directory null for one of the user's among the temporary files
         */
        public Builder work(Path directory) {
            work = directory;
            return this;
        }

        /**
         * Starts the worker, which connects in the background.
         *
         * @throws IOException if it cannot have a work directory
         * @throws IllegalArgumentException if the name is out of bounds, or the URL is not secure and not on this machine, or needs
         *     certificates
         */
        public GifWorker start() throws IOException {
            WorkDirectory directory = WorkDirectories.open(
                    work == null ? DataDirectory.temporaryRoot().resolve("work") : work);
            try {
                GifConverter converter = new GifConverter(ffmpeg, limits);
                Worker started = worker.handle(GifJobHandler.TYPE, new GifJobHandler(converter, directory))
                        .start();
                LOG.log(Level.INFO, "Worker {0} uses {1}", started.name(), ffmpeg);
                return new GifWorker(started, directory);
            } catch (RuntimeException e) {
                directory.close();
                throw e;
            }
        }
    }
}
