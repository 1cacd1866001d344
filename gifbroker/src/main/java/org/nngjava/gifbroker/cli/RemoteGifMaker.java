package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;

/** Has GIFs made by a server, over HTTP. */
final class RemoteGifMaker implements GifMaker {
    private static final Duration UPLOAD = Duration.ofHours(6);
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final Duration CANCEL = Duration.ofSeconds(10);

    private final Server server;
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

    RemoteGifMaker(Server server) {
        this.server = server;
    }

    @Override
    public JobResource submit(Path movie, Map<String, String> options) throws IOException, InterruptedException {
        String query = options.entrySet().stream()
                .map(option -> Server.encode(option.getKey()) + "=" + Server.encode(option.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest request = server.request("v1/gifs" + (query.isEmpty() ? "" : "?" + query))
                .timeout(UPLOAD)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofFile(movie))
                .build();
        JobResource job = Json.read(server.send(request), JobResource.class);
        if (job.finishedAt() == null) {
            unfinished.add(job.id());
        }
        return job;
    }

    @Override
    public JobResource look(String jobId, Duration atMost) throws IOException, InterruptedException {
        String seconds = BigDecimal.valueOf(atMost.toMillis(), 3).toPlainString();
        HttpRequest request = server.request("v1/jobs/" + Server.encode(jobId) + "?wait=" + seconds)
                .timeout(ANSWER.plus(atMost))
                .build();
        JobResource job = Json.read(server.send(request), JobResource.class);
        if (job.finishedAt() != null) {
            unfinished.remove(jobId);
        }
        return job;
    }

    @Override
    public void fetch(String jobId, Path gif) throws IOException, InterruptedException {
        HttpRequest request = server.request("v1/gifs/" + Server.encode(jobId))
                .timeout(UPLOAD)
                .build();
        HttpResponse<Path> response = server.send(request, BodyHandlers.ofFile(gif));
        if (response.statusCode() != 200) {
            throw new IOException(server + " answers " + response.statusCode() + " when asked for the GIF");
        }
    }

    @Override
    public void close() {
        for (String jobId : unfinished) {
            HttpRequest cancel = server.request("v1/jobs/" + Server.encode(jobId) + "/cancel")
                    .timeout(CANCEL)
                    .POST(BodyPublishers.noBody())
                    .build();
            server.sendAsync(cancel).exceptionally(unreachable -> null).join();
        }
        unfinished.clear();
    }
}
