package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;

/** Submits one counter after the other over HTTP, each once, however often the server has to be asked. */
final class CounterProducer {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Server server;
    private final String type;
    private final Duration every;
    private final LongSupplier counters;
    private final Watcher watcher;
    private final String run = UUID.randomUUID().toString();

    /** Hears what is accepted. */
    @FunctionalInterface
    interface Watcher {
        void accepted(long counter, JobResource job);
    }

    /**
     * @param every how long to wait after each
     * @param counters the next one each time; negative at the end
     */
    CounterProducer(Server server, String type, Duration every, LongSupplier counters, Watcher watcher) {
        this.server = server;
        this.type = type;
        this.every = every;
        this.counters = counters;
        this.watcher = watcher;
    }

    /**
     * Submits to the end.
     *
     * @throws IOException if there is no server at first, or it refuses
     */
    void run() throws IOException, InterruptedException {
        boolean reached = false;
        for (long counter = counters.getAsLong(); counter >= 0; counter = counters.getAsLong()) {
            watcher.accepted(counter, submit(counter, reached));
            reached = true;
            TimeUnit.MILLISECONDS.sleep(every.toMillis());
        }
    }

    private JobResource submit(long counter, boolean patient) throws IOException, InterruptedException {
        HttpRequest request = server.request("v1/work?type=" + Server.encode(type))
                .header("Idempotency-Key", run + "-" + counter)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofByteArray(Long.toString(counter).getBytes(StandardCharsets.UTF_8)))
                .build();
        while (true) {
            Optional<HttpResponse<byte[]>> answer = ask(request, patient);
            if (answer.isPresent()) {
                HttpResponse<byte[]> response = answer.get();
                if (response.statusCode() == 202) {
                    return Json.read(response.body(), JobResource.class);
                }
                if (response.headers().firstValue("Retry-After").isEmpty()) {
                    throw server.refusal(response, response.body());
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    /** Empty if the server is out of reach, which it may be for a while. */
    private Optional<HttpResponse<byte[]>> ask(HttpRequest request, boolean patient)
            throws IOException, InterruptedException {
        try {
            return Optional.of(server.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            if (!patient) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
