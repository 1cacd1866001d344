package org.nngjava.gifbroker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.nngjava.gifbroker.http.HttpServer;
import org.nngjava.gifbroker.http.HttpSettings;
import org.nngjava.gifbroker.http.Secret;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobStore;
import org.nngjava.workers.JobStoreException;
import org.nngjava.workers.MemoryJobStore;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.Retention;
import org.nngjava.workers.jdbc.JdbcJobStore;

/**
 * The application: a queue with its broker, and as the settings say HTTP and workers in the same process. Made by {@link #create},
 * started once, stopped once.
 */
public final class App implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(App.class.getName());

    private static final int REMEMBERED_JOBS = 10_000;
    private static final Duration REMEMBERED_TIME = Duration.ofDays(1);

    private final Settings settings;
    private final Deque<Step> undo = new ArrayDeque<>();
    private final List<GifWorker> workers = new ArrayList<>();
    private JobQueue queue;
    private HttpServer http;
    private boolean over;

    private App(Settings settings) {
        this.settings = settings;
    }

    /** An application that is not started: it holds nothing yet. */
    public static App create(Settings settings) {
        return new App(settings);
    }

    /**
     * Starts all that the settings name. When it fails nothing is left running.
     *
     * @throws IOException if an address or a directory cannot be had, or no ffmpeg is found, with a sentence that says so
     * @throws IllegalArgumentException if an address for workers is not secure and not on this machine, or a setting is out of bounds
     * @throws IllegalStateException if it was started or stopped before
     */
    public synchronized void start() throws IOException {
        if (over || queue != null) {
            throw new IllegalStateException("an application starts once");
        }
        try {
            begin();
        } catch (IOException | RuntimeException e) {
            unwind(e);
            over = true;
            queue = null;
            throw e;
        }
    }

    /**
     * Stops in order: takes no more movies, lets those at hand finish for as long as the settings allow, answers whoever waits,
     * closes, and removes what was temporary. Messages to others are not waited for: the next start goes on with them. Idempotent.
     */
    public synchronized void stop() {
        over = true;
        if (queue == null) {
            return;
        }
        LOG.log(Level.INFO, "Stopping; {0}", atHand());
        drain();
        unwind(null);
        queue = null;
        LOG.log(Level.INFO, "Stopped");
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** Where HTTP is served, with the port in use. Only when started with HTTP. */
    public URI http() {
        return http.uri();
    }

    /** Where workers connect to, with the ports in use. Only when started. */
    public List<String> workUrls() {
        return queue.workUrls().subList(0, settings.listen().size());
    }

    /** Where events are published, with the ports in use. Only when started. */
    public List<String> eventUrls() {
        return queue.eventUrls().subList(0, settings.events().size());
    }

    /** The queue. Only when started. */
    public JobQueue queue() {
        return queue;
    }

    private void begin() throws IOException {
        FutureTask<Ffmpeg> ffmpeg = new FutureTask<>(this::ffmpeg);
        if (settings.workers() > 0) {
            // Meanwhile: it is mostly waiting for processes.
            Thread search = new Thread(ffmpeg, "start-ffmpeg");
            search.setDaemon(true);
            search.start();
        }
        DataDirectory data = DataDirectory.open(settings.data());
        undo.push(data::close);
        FileBlobStore blobs = new FileBlobStore(data.blobs());
        undo.push(blobs::close);
        Posters posters = new Posters(data.posters(), this::ffmpeg, settings.limits());
        undo.push(posters::close);
        AuditLog audit = AuditLog.open(data.audit());
        undo.push(audit::close);
        queue = openQueue(blobs, openStore(data), posters);
        undo.push(queue::close);
        if (settings.workers() > 0) {
            Ffmpeg found = result(ffmpeg);
            for (int i = 1; i <= settings.workers(); i++) {
                GifWorker worker = GifWorker.builder()
                        .queue(queue)
                        .name("local-" + i)
                        .ffmpeg(found)
                        .limits(settings.limits())
                        .work(data.work())
                        .start();
                workers.add(worker);
                undo.push(worker::close);
            }
        }
        if (settings.http().isPresent()) {
            http = new HttpServer(httpSettings(data.uploads()), queue, posters, audit);
            http.start();
            undo.push(http::stop);
        }
        announce();
    }

    private Ffmpeg ffmpeg() throws IOException {
        return Ffmpeg.locate(settings.ffmpeg().orElse(null));
    }

    private static Ffmpeg result(Future<Ffmpeg> search) throws IOException {
        try {
            return search.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking for an ffmpeg");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Jobs last as long as their movies and GIFs do: what is temporary needs no database. */
    private JobStore openStore(DataDirectory data) throws IOException {
        if (settings.data().isEmpty()) {
            return new MemoryJobStore();
        }
        data.unpackLibrariesThere();
        try {
            JobStore store = JdbcJobStore.sqlite(data.jobs());
            undo.push(store::close);
            return store;
        } catch (JobStoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private JobQueue openQueue(FileBlobStore blobs, JobStore store, Posters posters) {
        JobQueue.Builder builder = JobQueue.builder()
                .store(store)
                .blobs(blobs)
                .lease(settings.lease())
                .heartbeat(heartbeat(settings.lease()))
                .capacity(settings.capacity())
                .retention(new Retention(REMEMBERED_JOBS, REMEMBERED_TIME, new RetriedMovies(posters)));
        settings.token().map(Secret::value).ifPresent(builder::token);
        if (settings.tls().hasCertificate()) {
            builder.tls(settings.tls().server());
        }
        settings.listen().forEach(builder::listen);
        settings.events().forEach(builder::events);
        return builder.open();
    }

    private static Duration heartbeat(Duration lease) {
        Duration usual = Duration.ofSeconds(2);
        Duration most = lease.dividedBy(4);
        return most.compareTo(usual) < 0 ? most : usual;
    }

    private HttpSettings httpSettings(Path uploads) {
        return new HttpSettings(
                settings.http().orElseThrow(),
                settings.allowedHosts(),
                settings.publicUrl(),
                settings.token(),
                Optional.of(settings.tls()).filter(TlsFiles::hasCertificate).map(TlsFiles::context),
                uploads,
                settings.uploadExpiry(),
                settings.limits(),
                settings.maxWait(),
                settings.idleTimeout(),
                settings.maxConnections(),
                settings.webhooks());
    }

    private void announce() {
        if (!settings.listen().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Workers connect to {0}, events are at {1}",
                    String.join(" ", workUrls()),
                    String.join(" ", eventUrls()));
        }
        if (http != null) {
            if (!settings.http().orElseThrow().isLoopback() && !settings.tls().hasCertificate()) {
                LOG.log(
                        Level.WARNING,
                        "HTTP is open to the network and not encrypted: whoever listens in sees the token");
            }
            LOG.log(Level.INFO, "Ready at {0}", http.uri());
        }
    }

    private String atHand() {
        int left = jobsLeft();
        return left == 0
                ? "no job is left"
                : left + " jobs are left, movies have " + settings.drain().toSeconds() + " s";
    }

    private int jobsLeft() {
        QueueStatus status = queue.status();
        return status.queued() + status.running();
    }

    private void drain() {
        try {
            boolean drained = queue.drain(settings.drain(), job -> job.type().equals(GifJobHandler.TYPE));
            if (!drained && jobsLeft() > 0) {
                LOG.log(Level.WARNING, "Some jobs were not finished in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void unwind(Exception because) {
        while (!undo.isEmpty()) {
            try {
                undo.pop().undo();
            } catch (IOException | RuntimeException e) {
                if (because == null) {
                    LOG.log(Level.WARNING, "Something could not be closed", e);
                } else {
                    because.addSuppressed(e);
                }
            }
        }
    }

    /** Takes back one step of the start. */
    @FunctionalInterface
    private interface Step {
        void undo() throws IOException;
    }
}
