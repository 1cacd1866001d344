package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.Problem;
import tools.jackson.core.JacksonException;

/** Has GIFs made by a server, over HTTP. */
final class RemoteGifMaker implements GifMaker {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private final URI server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

    /**
     * @param server such as {@code http://127.0.0.1:8080}
     */
    RemoteGifMaker(URI server) {
        String text = server.toString();
        this.server = URI.create(text.endsWith("/") ? text : text + "/");
    }

    @Override
    public JobResource submit(Path movie, Map<String, String> options) throws IOException, InterruptedException {
        String query = options.entrySet().stream()
                .map(option -> encode(option.getKey()) + "=" + encode(option.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(server.resolve("v1/gifs" + (query.isEmpty() ? "" : "?" + query)))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofFile(movie))
                .build();
        JobResource job = Json.read(send(request), JobResource.class);
        unfinished.add(job.id());
        return job;
    }

    @Override
    public JobResource look(String jobId, Duration atMost) throws IOException, InterruptedException {
        String seconds = BigDecimal.valueOf(atMost.toMillis(), 3).toPlainString();
        HttpRequest request = HttpRequest.newBuilder(server.resolve("v1/jobs/" + encode(jobId) + "?wait=" + seconds))
                .timeout(ANSWER.plus(atMost))
                .build();
        JobResource job = Json.read(send(request), JobResource.class);
        if (job.finishedAt() != null) {
            unfinished.remove(jobId);
        }
        return job;
    }

    @Override
    public void fetch(String jobId, Path gif) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("v1/gifs/" + encode(jobId)))
                .build();
        HttpResponse<Path> response = client.send(request, BodyHandlers.ofFile(gif));
        if (response.statusCode() != 200) {
            throw new IOException(server + " answers " + response.statusCode() + " when asked for the GIF");
        }
    }

    @Override
    public void close() {
        for (String jobId : unfinished) {
            client.sendAsync(
                            HttpRequest.newBuilder(server.resolve("v1/jobs/" + encode(jobId)))
                                    .timeout(CONNECT)
                                    .DELETE()
                                    .build(),
                            BodyHandlers.discarding())
                    .exceptionally(unreachable -> null)
                    .join();
        }
        unfinished.clear();
    }

    private byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new IOException("no server answers at " + server, e);
        }
        if (response.statusCode() / 100 != 2) {
            throw refusal(response);
        }
        return response.body();
    }

    private IOException refusal(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith(Problem.MEDIA_TYPE)) {
            try {
                Problem problem = Json.read(response.body(), Problem.class);
                return new IOException(problem.title() + ": " + problem.detail());
            } catch (JacksonException e) {
                return new IOException(server + " answers " + response.statusCode(), e);
            }
        }
        return new IOException(server + " answers " + response.statusCode() + "; is it a gifbroker?");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
