package org.nngjava.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code gifbroker serve} in a process of its own, as {@code java -jar} starts it, with all that it keeps in a directory. */
final class GifServer implements AutoCloseable {
    private static final Pattern FFMPEG = Pattern.compile("uses ffmpeg (\\S+) \\((.+), (/.+)\\)");
    private static final Pattern HTTP = Pattern.compile("\"http\":\"([^\"]+)\"");

    private final Process process;
    private final Path log;
    private final URI uri;
    private final double secondsToStart;

    private GifServer(Process process, Path log, URI uri, double secondsToStart) {
        this.process = process;
        this.log = log;
        this.uri = uri;
        this.secondsToStart = secondsToStart;
    }

    /**
     * Starts it, and waits until a movie that is sent would become a GIF.
     *
     * @param directory for its log and its data
     * @param options of the JVM
     */
    static GifServer start(HttpClient client, Path directory, List<String> options)
            throws IOException, InterruptedException {
        Path log = Files.createDirectories(directory).resolve("serve.log");
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Stream<String> arguments = Stream.of(
                "-jar",
                System.getProperty("gifbroker.jar"),
                "serve",
                "--json",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--data",
                directory.resolve("data").toString());
        ProcessBuilder builder = new ProcessBuilder(Stream.of(java, options.stream(), arguments)
                        .flatMap(all -> all)
                        .toList())
                .redirectError(log.toFile());
        long begun = System.nanoTime();
        Process process = builder.start();
        try {
            String ready = process.inputReader(StandardCharsets.UTF_8).readLine();
            if (ready == null) {
                throw new IOException("the server does not start: " + Files.readString(log));
            }
            URI uri = URI.create(found(HTTP, ready).group(1));
            HttpRequest isReady = HttpRequest.newBuilder(uri.resolve("/readyz")).build();
            while (client.send(isReady, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
                Thread.onSpinWait();
            }
            return new GifServer(process, log, uri, (System.nanoTime() - begun) / 1e9);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Has Java write down the classes that a demo uses, as {@code docs/operations.md} says, and gives the file. */
    static Path archiveClasses(Path directory) throws IOException, InterruptedException {
        Path archive = directory.resolve("gifbroker.jsa");
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ArchiveClassesAtExit=" + archive,
                        "-jar",
                        System.getProperty("gifbroker.jar"),
                        "demo")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("demo.log").toFile())
                .start();
        if (demo.waitFor() != 0) {
            throw new IOException("the demo failed: " + Files.readString(directory.resolve("demo.log")));
        }
        return archive;
    }

    URI uri() {
        return uri;
    }

    /** From the start of the process until it was ready. */
    double secondsToStart() {
        return secondsToStart;
    }

    /** Which ffmpeg it uses: version, origin, file. */
    Matcher ffmpeg() throws IOException {
        return found(FFMPEG, Files.readString(log));
    }

    static Matcher found(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in: " + text);
        }
        return matcher;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
