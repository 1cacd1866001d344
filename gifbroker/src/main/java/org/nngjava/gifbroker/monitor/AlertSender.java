package org.nngjava.gifbroker.monitor;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nngjava.gifbroker.http.Json;

/**
 * Tells alerts to a command and to a webhook, one after the other on a thread of its own. Each is tried three times; what cannot be told is
 * complained of. Safe for any thread.
 *
 * <p>The command is run by {@code sh -c}, with the alert as JSON on its standard input and its parts in {@code ALERT_EVENT}, {@code
 * ALERT_PROCESS}, {@code ALERT_ID}, {@code ALERT_SERVER}, {@code ALERT_AT} and {@code ALERT_TEXT}. The webhook is an HTTP POST of that
 * JSON.
 */
public final class AlertSender implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    private final Optional<String> command;
    private final Optional<URI> url;
    private final Consumer<String> complaints;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "alerts");
        made.setDaemon(true);
        return made;
    });

    /** One way to tell. */
    @FunctionalInterface
    private interface Way {
        void tell(Alert alert) throws IOException, InterruptedException;
    }

    /**
     * Begins.
     *
     * @param complaints told in a sentence what could not be told
     */
    public AlertSender(Optional<String> command, Optional<URI> url, Consumer<String> complaints) {
        this.command = command;
        this.url = url;
        this.complaints = complaints;
    }

    /** Tells it soon. */
    public void send(Alert alert) {
        command.ifPresent(line -> thread.execute(() -> attempt(alert, told -> run(line, told), "--alert-command")));
        url.ifPresent(address -> thread.execute(() -> attempt(alert, told -> post(address, told), "--alert-url")));
    }

    private void attempt(Alert alert, Way way, String name) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    way.tell(alert);
                    return;
                } catch (IOException e) {
                    if (attempt == TRIES) {
                        complaints.accept(name + " was not told that " + alert.sentence() + ": " + e.getMessage());
                        return;
                    }
                    TimeUnit.SECONDS.sleep(attempt);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(String command, Alert alert) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).inheritIO();
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        Map<String, String> environment = builder.environment();
        environment.put("ALERT_EVENT", alert.event());
        environment.put("ALERT_PROCESS", alert.process());
        environment.put("ALERT_ID", alert.id() == null ? "" : alert.id());
        environment.put("ALERT_SERVER", alert.server());
        environment.put("ALERT_AT", alert.at().toString());
        environment.put("ALERT_TEXT", alert.sentence());
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(Json.bytes(alert));
        } catch (IOException e) {
            // It does not want to know.
        }
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("it took longer than " + TIMEOUT.toSeconds() + " s");
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("it ended with " + process.exitValue());
        }
    }

    private void post(URI address, Alert alert) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", Json.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(Json.bytes(alert)))
                .build();
        HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(address + " answers " + response.statusCode());
        }
    }

    /** Does not wait for what is under way. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
