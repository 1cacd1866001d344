package org.nngjava.gifbroker.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.WorkLine;
import tools.jackson.core.JacksonException;

/**
 * A worker that speaks nothing but HTTP: it reads jobs from a stream, does one after the other and posts the results, and says of all that
 * it has that it lives. The result of a job is its payload.
 */
final class StreamWorker {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A server writes a line each second: one that does not for so long is out of reach. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Server server;
    private final String name;
    private final Manner manner;
    private final Watcher watcher;
    private final Map<String, WorkLine> held = new ConcurrentHashMap<>();
    private final ExecutorService hand = Executors.newSingleThreadExecutor(StreamWorker::thread);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(StreamWorker::thread);
    private volatile InputStream stream;
    private volatile long heard;
    private volatile boolean stopped;

    /**
     * How it works.
     *
     * @param type of the jobs that it takes
     * @param credit how many it may have
     * @param lease how long it may let hear nothing of one
     * @param time that a job takes
     */
    record Manner(String type, int credit, Duration lease, Duration time) {}

    /** Hears what the worker does, on any thread. */
    interface Watcher {
        /** Jobs can come. */
        void connected(String worker);

        /** The server has confirmed a result. */
        void done(String worker, WorkLine job);

        /** A job is no longer its own, and its result not wanted. */
        void lost(String worker, WorkLine job);

        /** Something went wrong that the worker goes on after. */
        void troubled(String worker, Exception why);
    }

    StreamWorker(Server server, String name, Manner manner, Watcher watcher) {
        this.server = server;
        this.name = name;
        this.manner = manner;
        this.watcher = watcher;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "stream-worker");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Works until it is stopped, or its server tells it to end. A server that goes away is waited for.
     *
     * @throws IOException if there is no server at first, or it refuses
     */
    void run() throws IOException, InterruptedException {
        long beat = Math.max(1, manner.lease().toMillis() / 3);
        timer.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::listen, 1, 1, TimeUnit.SECONDS);
        try {
            boolean wanted = read(open());
            while (wanted) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
                try {
                    wanted = read(open());
                } catch (IOException e) {
                    watcher.troubled(name, e);
                }
            }
        } finally {
            timer.shutdownNow();
            hand.shutdownNow();
        }
    }

    /** Takes no more jobs, and lets go of those that it has. */
    void stop() {
        stopped = true;
        InputStream open = stream;
        if (open != null) {
            close(open);
        }
    }

    private InputStream open() throws IOException, InterruptedException {
        HttpRequest request = server.request("v1/work/stream?worker=" + Server.encode(name) + "&type="
                        + Server.encode(manner.type()) + "&credit=" + manner.credit() + "&lease="
                        + manner.lease().toSeconds())
                .build();
        HttpResponse<InputStream> response = server.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw server.refusal(response, body.readAllBytes());
            }
        }
        watcher.connected(name);
        return response.body();
    }

    /** Reads to the end of a stream. False if that was the last one. */
    private boolean read(InputStream in) {
        heard = System.nanoTime();
        stream = in;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !stopped; line = lines.readLine()) {
                heard = System.nanoTime();
                if (!line.isBlank() && !heed(line)) {
                    return false;
                }
            }
        } catch (IOException e) {
            if (!stopped) {
                watcher.troubled(name, e);
            }
        }
        return !stopped;
    }

    /** False if there will be no more. */
    private boolean heed(String line) throws IOException {
        try {
            byte[] json = line.getBytes(StandardCharsets.UTF_8);
            WorkLine.Notice notice = Json.read(json, WorkLine.Notice.class);
            switch (String.valueOf(notice.event())) {
                case WorkLine.JOB -> {
                    WorkLine job = Json.read(json, WorkLine.class);
                    if (job.token() == null || job.links() == null) {
                        throw malformed(line, null);
                    }
                    held.put(job.token(), job);
                    hand.execute(() -> work(job));
                }
                case WorkLine.CANCEL -> held.remove(String.valueOf(notice.token()));
                case WorkLine.END -> {
                    return !WorkLine.HALTED.equals(notice.reason());
                }
                default -> throw malformed(line, null);
            }
            return true;
        } catch (JacksonException e) {
            throw malformed(line, e);
        }
    }

    private IOException malformed(String line, Exception why) {
        return new IOException(server + " sent a line that is no job: " + line, why);
    }

    private void work(WorkLine job) {
        if (!held.containsKey(job.token())) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(manner.time().toMillis());
            post(job, payload(job));
        } catch (IOException e) {
            held.remove(job.token());
            watcher.troubled(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] payload(WorkLine job) throws IOException, InterruptedException {
        if (job.payload() != null) {
            return job.payload().getBytes(StandardCharsets.UTF_8);
        }
        return job.payloadBase64() != null
                ? Base64.getDecoder().decode(job.payloadBase64())
                : server.send(server.request(job.links().fetch()).build());
    }

    /** Posts a result until it is answered, however long the server is away: the same twice counts once. */
    private void post(WorkLine job, byte[] result) {
        HttpRequest request = server.request(job.links().result())
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofByteArray(result))
                .build();
        server.sendAsync(request).whenComplete((response, failure) -> {
            int status = failure == null ? response.statusCode() : 0;
            if (status == 204 && held.remove(job.token()) != null) {
                watcher.done(name, job);
            } else if (status == 409 && held.remove(job.token()) != null) {
                watcher.lost(name, job);
            } else if (isFinal(status) && held.remove(job.token()) != null) {
                watcher.troubled(name, server.refusal(response, response.body()));
            } else if (held.containsKey(job.token()) && !stopped) {
                timer.schedule(() -> post(job, result), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Whether a refusal would be the same the next time. */
    private static boolean isFinal(int status) {
        return status / 100 == 4 && status != REQUEST_TIMEOUT && status != TOO_MANY_REQUESTS;
    }

    private void beat() {
        held.values().forEach(job -> {
            HttpRequest request = server.request(job.links().heartbeat())
                    .POST(BodyPublishers.noBody())
                    .build();
            server.sendAsync(request).thenAccept(response -> {
                if (response.statusCode() == 409 && held.remove(job.token()) != null) {
                    watcher.lost(name, job);
                }
            });
        });
    }

    private void listen() {
        InputStream open = stream;
        if (open != null && System.nanoTime() - heard > LONGEST_SILENCE.toNanos()) {
            close(open);
        }
    }

    private void close(InputStream open) {
        try {
            open.close();
        } catch (IOException e) {
            watcher.troubled(name, e);
        }
    }
}
