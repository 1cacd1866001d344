package org.nngjava.gifbroker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nngjava.gifbroker.http.HostPort;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.Problem;

/** The real application on a free port, and a client for it. */
public final class RunningApp implements AutoCloseable {
    private final App app;
    private final Path data;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningApp(App app, Path data) {
        this.app = app;
        this.data = data;
    }

    /** Starts one that keeps its data below a directory. */
    public static RunningApp start(Path data, Consumer<Settings.Builder> changes) {
        Settings.Builder settings =
                Settings.builder().http(HostPort.parse("127.0.0.1:0")).data(data);
        changes.accept(settings);
        App app = App.create(settings.build());
        try {
            app.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RunningApp(app, data);
    }

    /** The application itself. */
    public App app() {
        return app;
    }

    /** An address on the server. */
    public URI uri(String path) {
        return app.http().resolve(path);
    }

    /** A request, to be made more of. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    /** Sends a request. */
    public HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** Sends a request and goes on. */
    public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray());
    }

    /** Sends a request whose answer goes on for as long as it likes. */
    public HttpResponse<Stream<String>> stream(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofLines());
    }

    /** GET. */
    public HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** POST of a body as a movie, with a query that begins with a question mark, or an empty one. */
    public HttpResponse<byte[]> post(String query, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/v1/gifs" + query).POST(body);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** POST of a movie, without waiting for its GIF. */
    public JobResource submit(Path movie) throws IOException, InterruptedException {
        return job(post("", BodyPublishers.ofFile(movie)));
    }

    /** The job when it is finished. */
    public JobResource finished(String jobId) throws IOException, InterruptedException {
        return job(get("/v1/jobs/" + jobId + "?wait=60"));
    }

    /** The job in an answer. */
    public static JobResource job(HttpResponse<byte[]> answer) {
        return Json.read(answer.body(), JobResource.class);
    }

    /** The problem in an answer. */
    public static Problem problem(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.equals(Problem.MEDIA_TYPE)) {
            throw new AssertionError("no problem but " + answer.statusCode() + " " + type);
        }
        Problem problem = Json.read(answer.body(), Problem.class);
        if (problem.status() != answer.statusCode()) {
            throw new AssertionError(answer.statusCode() + " with " + problem);
        }
        return problem;
    }

    /** Files that hold movies or GIFs, or parts of them. */
    public List<Path> filesKept() {
        return Stream.of("blobs", "work")
                .flatMap(name -> files(data.resolve(name)).stream())
                .toList();
    }

    /** All files below a directory but locks. */
    public static List<Path> files(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().contains("lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.stop();
    }
}
