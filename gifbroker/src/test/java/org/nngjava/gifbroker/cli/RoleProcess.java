package org.nngjava.gifbroker.cli;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nngjava.gifbroker.Main;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.http.Json;
import tools.jackson.databind.JsonNode;

/** The program in a process of its own, with a directory for its temporary files. */
public final class RoleProcess implements AutoCloseable {
    private static final String HEAP = "256m";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final Path log;
    private final BufferedReader out;
    private JsonNode ready;

    private RoleProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the program and does not wait for anything. */
    static RoleProcess launch(Path temporary, String... arguments) throws IOException {
        return launch(temporary, command(HEAP, temporary, arguments));
    }

    /** Starts the program by another one, such as {@code ip netns exec NAME}. */
    static RoleProcess launch(List<String> by, Path temporary, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(command(HEAP, temporary, arguments));
        return launch(temporary, command);
    }

    /** Starts the program on a terminal, whose output is that of the process: {@code script} makes one. */
    static RoleProcess launchOnTerminal(Path temporary, String... arguments) throws IOException {
        String command = command(HEAP, temporary, arguments).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        return launch(temporary, List.of("script", "-qefc", "exec " + command, "/dev/null"));
    }

    private static List<String> command(String heap, Path temporary, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC", // a start that takes less of the processor
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest has it
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static RoleProcess launch(Path temporary, List<String> command) throws IOException {
        Files.createDirectories(temporary);
        Path log = Files.createTempFile(temporary.toAbsolutePath().getParent(), "log-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIFBROKER_"));
        return new RoleProcess(builder.start(), log);
    }

    /** Starts a role with {@code --json} and waits until it is ready. */
    static RoleProcess start(Path temporary, String... arguments) throws IOException {
        return start(launch(temporary, withJson(arguments)));
    }

    /** As {@link #start}, with so much heap, such as {@code 128m}. */
    public static RoleProcess startWithHeap(String heap, Path temporary, String... arguments) throws IOException {
        return start(launch(temporary, command(heap, temporary, withJson(arguments))));
    }

    /** Starts a role by another program, and waits until it is ready. */
    static RoleProcess start(List<String> by, Path temporary, String... arguments) throws IOException {
        return start(launch(by, temporary, withJson(arguments)));
    }

    private static String[] withJson(String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new);
    }

    private static RoleProcess start(RoleProcess role) throws IOException {
        role.awaitReady();
        return role;
    }

    /** Waits until a role that was launched with {@code --json} is ready. */
    void awaitReady() throws IOException {
        String line = out.readLine();
        if (line == null) {
            process.onExit().join();
            throw new IOException("ended with " + process.exitValue() + ": " + log());
        }
        ready = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    /** What it prints from now on, as it does, up to its end. */
    Stream<String> lines() {
        return out.lines();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Where it serves HTTP. */
    public URI http() {
        return URI.create(ready.get("http").asString());
    }

    /** Where workers connect to. */
    public String workUrl() {
        return ready.get("work").get(0).asString();
    }

    JsonNode ready() {
        return ready;
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that it prints; null when it has ended. */
    String line() throws IOException {
        return out.readLine();
    }

    /** Waits until it has put out a text, and gives all up to there. */
    String outputUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = out.read();
            if (next < 0) {
                throw new IOException("ended with " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    String output() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Waits for its end. */
    int exitCode(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still there after " + atMost + ": " + log());
        }
        return process.exitValue();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill ended with " + code);
        }
    }

    /** The most memory that it ever had resident, in bytes. */
    public long mostResident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Processes that it started, whoever their parent is now. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** Sends a request and goes on. */
    public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request) {
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** A request to its server. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(http().resolve(path));
    }

    /** The job as it is now. */
    public JobResource job(String id) {
        return Json.read(sendAsync(request("/v1/jobs/" + id).build()).join().body(), JobResource.class);
    }

    /** Jobs, newest first. */
    public List<JobResource> jobs() {
        JsonNode page = Json.read(
                sendAsync(request("/v1/jobs?limit=200").build()).join().body(), JsonNode.class);
        return page.get("jobs")
                .valueStream()
                .map(job -> Json.read(job.toString().getBytes(StandardCharsets.UTF_8), JobResource.class))
                .toList();
    }

    /** Waits until so many workers are known to it. */
    public void awaitWorkers(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            JsonNode health =
                    Json.read(sendAsync(request("/healthz").build()).join().body(), JsonNode.class);
            return health.get("workers").asInt() == count;
        });
    }

    /** The job of the newest upload, once it runs. */
    JobResource awaitRunning() {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> jobs().stream()
                                .filter(job -> job.state().equals("running"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
