package org.nngjava.gifbroker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.nngjava.gifbroker.EventClients;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.cli.RoleProcess;
import org.nngjava.gifbroker.media.TestMovies;

/**
 * Has a server in a process of its own, with little memory, serve clients that mean no good: they send headers and bodies a byte at a time, cut
 * their uploads anywhere, send 200 at once, damage their requests, and 1,000 wait for events and do not read them. A bystander is to be
 * served all the while, and nothing is to be left in the end.
 */
final class HttpSoak {
    private static final String HEAP = "128m";
    private static final long LARGEST_RESIDENT = 400_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
    private static final int WAITING = 1_000;
    private static final int UPLOADS = 200;
    private static final int CAPACITY = 150;
    private static final int CUTS = 100;
    private static final int SLOW = 50;
    private static final int MUTATIONS = 500;
    private static final int CHANGES = 5;

    private final RoleProcess server;
    private final Path data;
    private final byte[] movie;
    private final Random random;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private HttpSoak(RoleProcess server, Path data, byte[] movie, long seed) {
        this.server = server;
        this.data = data;
        this.movie = movie;
        random = new Random(seed);
    }

    /** Takes the number of rounds and the seed. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        Seen seen = run(rounds, seed);
        System.out.println(seen.text());
        System.exit(seen.failures().isEmpty() ? 0 : 1);
    }

    /**
     * What was seen.
     *
     * @param answers how often each kind of request was answered how
     * @param notified how long it took until all of those who wait had heard of a change, in milliseconds, in rising order
     * @param bystander how long the bystander's requests took, in milliseconds, in rising order
     * @param resident the most memory that the server's process ever had resident, in bytes
     * @param seconds that it took
     * @param failures what must not be
     */
    record Seen(
            Map<String, Integer> answers,
            List<Long> notified,
            List<Long> bystander,
            long resident,
            double seconds,
            List<String> failures) {
        String text() {
            StringBuilder text = new StringBuilder();
            answers.forEach((kind, count) -> text.append(String.format("%8d %s%n", count, kind)));
            text.append(String.format(
                    "%,d clients that wait heard of a change in %d ms (median), %d ms (at most)%n",
                    WAITING, share(notified, 0.5), share(notified, 1)));
            text.append(String.format(
                    "a bystander was answered %d times, in %d ms (median), %d ms (99 of 100), %d ms (at most)%n",
                    bystander.size(), share(bystander, 0.5), share(bystander, 0.99), share(bystander, 1)));
            text.append(String.format(
                    "resident at most %d MB with a heap of %s, %.0f s%n", resident / 1_000_000, HEAP, seconds));
            return text + (failures.isEmpty() ? "all is well" : String.join("\n", failures));
        }

        private static long share(List<Long> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
        }
    }

    static Seen run(int rounds, long seed) throws Exception {
        Path root = Files.createTempDirectory("http-soak");
        Path data = root.resolve("data");
        try (RoleProcess server = RoleProcess.startWithHeap(
                HEAP,
                root.resolve("tmp"),
                "serve",
                "--http",
                "127.0.0.1:0",
                "--listen",
                "tcp://127.0.0.1:0",
                "--events",
                "tcp://127.0.0.1:0",
                "--workers",
                "1",
                "--capacity",
                Integer.toString(CAPACITY),
                "--idle-timeout",
                PATIENCE.toSeconds() + "s",
                "--data",
                data.toString())) {
            byte[] movie = Files.readAllBytes(TestMovies.movie(root, "mp4", 0.4));
            try {
                return new HttpSoak(server, data, movie, seed).run(rounds);
            } catch (IOException | ExecutionException | TimeoutException e) {
                throw new IOException("the server has logged: " + server.log(), e);
            }
        } finally {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private Seen run(int rounds) throws Exception {
        long began = System.nanoTime();
        String gif = convert();
        order("quiet"); // what is sent from now on stays in the queue
        long[] notified = new long[rounds * CHANGES];
        Bystander bystander = new Bystander(gif);
        bystander.start();
        try {
            for (int round = 0; round < rounds; round++) {
                try (SlowClients headers = new SlowClients(server.http(), SLOW, "GET / HTTP/1.1\r\nX-Slow: ");
                        SlowClients bodies = new SlowClients(
                                server.http(),
                                SLOW,
                                "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")) {
                    cutUploads();
                    damagedRequests();
                    parallelUploads();
                    headers.answers().forEach(answer -> ended("slow headers", answer, ""));
                    bodies.statusLines().forEach(answer -> ended("slow body", answer, "HTTP/1.1 408 Request Timeout"));
                }
                emptyTheQueue(gif);
                try (EventClients waiting = EventClients.connect(server.http(), WAITING, client -> "/v1/events")) {
                    waiting.awaitAll("event: resync", Duration.ofMinutes(1));
                    for (int change = 0; change < CHANGES; change++) {
                        notified[round * CHANGES + change] = notifyAll(waiting);
                    }
                }
            }
        } finally {
            bystander.end();
        }
        emptyTheQueue(gif);
        order("resume");
        convert();
        String log = server.log();
        if (log.contains("OutOfMemory") || log.contains(" failed")) {
            failures.add("logged: " + log);
        }
        if (server.mostResident() > LARGEST_RESIDENT) {
            failures.add("resident: " + server.mostResident());
        }
        return new Seen(
                answers,
                Arrays.stream(notified).sorted().boxed().toList(),
                bystander.milliseconds(),
                server.mostResident(),
                (System.nanoTime() - began) / 1e9,
                failures);
    }

    /** A movie that becomes a GIF, as for anybody. */
    private String convert() throws Exception {
        HttpResponse<byte[]> answer = post(another(movie), "Prefer", "wait=60").get(2, TimeUnit.MINUTES);
        if (answer.statusCode() != 200) {
            throw new IOException("a good movie is answered " + answer.statusCode() + ": " + server.log());
        }
        return answer.headers().firstValue("Content-Location").orElseThrow();
    }

    private void order(String order) throws Exception {
        int status = server.sendAsync(server.request("/v1/workers/local-1/" + order)
                        .POST(BodyPublishers.noBody())
                        .build())
                .get(1, TimeUnit.MINUTES)
                .statusCode();
        if (status != 202) {
            throw new IOException(order + " is answered " + status);
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> post(byte[] body, String... headers) {
        HttpRequest.Builder request = server.request("/v1/gifs").POST(BodyPublishers.ofByteArray(body));
        return server.sendAsync((headers.length == 0 ? request : request.headers(headers)).build());
    }

    /** Another movie with the same picture: a box follows that nobody reads. */
    private byte[] another(byte[] original) {
        byte[] box = new byte[8 + 16];
        random.nextBytes(box);
        System.arraycopy(new byte[] {0, 0, 0, 24, 'f', 'r', 'e', 'e'}, 0, box, 0, 8);
        return joined(original, box);
    }

    private void count(String kind) {
        answers.merge(kind, 1, Integer::sum);
    }

    private void ended(String client, String answer, String expected) {
        count(client + ": " + (answer.isEmpty() ? "closed" : answer));
        if (!answer.equals(expected)) {
            failures.add(client + ": " + answer);
        }
    }

    private void parallelUploads() throws Exception {
        // A client of its own, for the connections of another may just have been idle for too long.
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<byte[]>>> sent = new ArrayList<>();
        for (int i = 0; i < UPLOADS; i++) {
            HttpRequest.Builder request = server.request("/v1/gifs").POST(BodyPublishers.ofByteArray(another(movie)));
            sent.add(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        int accepted = 0;
        for (CompletableFuture<HttpResponse<byte[]>> answer : sent) {
            HttpResponse<byte[]> response = answer.get(1, TimeUnit.MINUTES);
            count("parallel upload: " + response.statusCode());
            boolean refused = response.statusCode() == 429
                    && response.headers().firstValue("Retry-After").isPresent();
            accepted += response.statusCode() == 202 ? 1 : 0;
            if (response.statusCode() != 202 && !refused) {
                failures.add("a parallel upload is answered " + response);
            }
        }
        if (accepted > CAPACITY) {
            failures.add(accepted + " uploads were accepted");
        }
    }

    private void cutUploads() throws Exception {
        for (int i = 0; i < CUTS; i += 10) {
            List<Socket> open = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                byte[] whole = upload(random.nextInt(3), another(movie));
                Socket client = connect();
                client.getOutputStream().write(whole, 0, random.nextInt(whole.length));
                open.add(client);
                count("cut upload");
            }
            for (Socket client : open) {
                if (random.nextBoolean()) {
                    client.setSoLinger(true, 0); // a reset, not an orderly end
                }
                client.close();
            }
        }
    }

    /** A whole request: the body as it is, in chunks, or in a form. */
    static byte[] upload(int kind, byte[] body) {
        String head = "POST /v1/gifs HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        return switch (kind) {
            case 0 -> joined(ascii(head + "Content-Length: " + body.length + "\r\n\r\n"), body);
            case 1 ->
                joined(
                        ascii(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n"),
                        body,
                        ascii("\r\n0\r\n\r\n"));
            default -> {
                byte[] form = joined(
                        ascii(
                                "--frontier\r\nContent-Disposition: form-data; name=\"movie\"; filename=\"a.mp4\"\r\n\r\n"),
                        body,
                        ascii("\r\n--frontier--\r\n"));
                yield joined(
                        ascii(head + "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: "
                                + form.length + "\r\n\r\n"),
                        form);
            }
        };
    }

    private void damagedRequests() throws Exception {
        List<byte[]> requests = List.of(
                ascii("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
                ascii("GET /v1/jobs?limit=2&state=queued HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"),
                ascii("GET /v1/gifs/none HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-9\r\nIf-Range: \"x\"\r\n\r\n"),
                ascii("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: 00000000-1\r\n\r\n"),
                ascii(
                        "GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
                ascii(
                        "POST /v1/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 9\r\nUpload-Metadata: filename Li4vLi4vYQ==\r\nContent-Length: 0\r\n\r\n"),
                ascii("DELETE /v1/jobs/none HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n\r\n"),
                upload(0, ascii("this is no movie")),
                upload(1, ascii("this is no movie")),
                upload(2, ascii("this is no movie")));
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] damaged = damaged(requests.get(random.nextInt(requests.size())));
            String answer = firstLineOfTheAnswerTo(damaged);
            count("damaged request: "
                    + (answer.isEmpty() ? "closed" : answer.replaceAll("^HTTP/1\\.\\d (\\d{3}).*", "$1")));
            // 501 and 505: a method, a coding or a version of HTTP that is not known.
            if (!answer.isEmpty() && !answer.matches("HTTP/1\\.\\d ([1-4]\\d\\d|501|505)( .*)?")) {
                failures.add("answered " + answer + ": " + new String(damaged, ISO_8859_1));
            }
        }
    }

    private String firstLineOfTheAnswerTo(byte[] request) throws IOException {
        try (Socket client = connect()) {
            client.setSoTimeout((int) LONGEST_ANSWER.toMillis());
            client.getOutputStream().write(request);
            client.shutdownOutput();
            return SlowClients.line(client);
        } catch (SocketException e) {
            return ""; // it was closed before all was written
        }
    }

    private byte[] damaged(byte[] request) {
        byte[] damaged = request;
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && damaged.length > 0; i++) {
            int at = random.nextInt(damaged.length);
            int length = Math.min(damaged.length - at, 1 + random.nextInt(20));
            byte[] before = Arrays.copyOf(damaged, at);
            byte[] after = Arrays.copyOfRange(damaged, at, damaged.length);
            damaged = switch (random.nextInt(6)) {
                case 0 -> joined(before, Arrays.copyOfRange(damaged, at + length, damaged.length));
                case 1 -> joined(before, Arrays.copyOf(after, length), after);
                case 2 -> joined(before, new byte[] {(byte) random.nextInt()}, after);
                case 3 -> joined(before, ascii(TRICKS.get(random.nextInt(TRICKS.size()))), after);
                case 4 -> joined(before, ascii("x".repeat(1 << random.nextInt(15))), after);
                default -> {
                    byte[] flipped = damaged.clone();
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                    yield flipped;
                }
            };
        }
        return damaged;
    }

    private static final List<String> TRICKS = List.of(
            "\r\n",
            "\n",
            "\0",
            ":",
            " ",
            "%00",
            "%2e%2e%2f",
            "/../",
            ";",
            "\\",
            "\"",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "Host: example.com\r\n",
            "-1",
            "99999999999999999999",
            "ffffffffffffffff\r\n");

    /** How long it takes until all have heard that a job was cancelled, in milliseconds. */
    private long notifyAll(EventClients waiting) throws Exception {
        HttpResponse<byte[]> accepted = post(another(movie)).get(1, TimeUnit.MINUTES);
        String id = RunningApp.job(accepted).id();
        waiting.awaitAll("{\"id\":\"" + id + "\",\"state\":\"queued\"", Duration.ofMinutes(1));
        long began = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> cancelled = delete(id);
        long[] heard = waiting.awaitAll("{\"id\":\"" + id + "\",\"state\":\"cancelled\"", Duration.ofMinutes(1));
        cancelled.get(1, TimeUnit.MINUTES);
        return (heard[heard.length - 1] - began) / 1_000_000;
    }

    private CompletableFuture<HttpResponse<byte[]>> delete(String id) {
        return server.sendAsync(server.request("/v1/jobs/" + id).DELETE().build());
    }

    /** Forgets all jobs but one, whose movie and GIF are all that is left then. */
    private void emptyTheQueue(String gif) throws Exception {
        List<JobResource> jobs = server.jobs();
        while (jobs.size() > 1) {
            List<CompletableFuture<?>> deleted = new ArrayList<>();
            for (JobResource job : jobs) {
                if (!gif.equals(job.links().result())) {
                    deleted.add(delete(job.id())); // cancels it; the next time, forgets it
                }
            }
            for (CompletableFuture<?> done : deleted) {
                done.get(1, TimeUnit.MINUTES);
            }
            jobs = server.jobs();
        }
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> RunningApp.files(data.resolve("blobs")).size() <= 1);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            failures.add("left behind: " + RunningApp.files(data.resolve("blobs")));
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        client.connect(
                new InetSocketAddress(server.http().getHost(), server.http().getPort()));
        return client;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Somebody who uses the server as anybody would. */
    private final class Bystander {
        private final List<String> paths;
        private final List<Long> nanos = new ArrayList<>();
        private final Thread thread = new Thread(this::use, "bystander");
        private volatile boolean ended;

        Bystander(String gif) {
            paths = List.of("/", "/healthz", "/v1/jobs?limit=20", gif);
        }

        void start() {
            thread.start();
        }

        private void use() {
            for (int i = 0; !ended; i++) {
                String path = paths.get(i % paths.size());
                long began = System.nanoTime();
                try {
                    int status = server.sendAsync(server.request(path).build())
                            .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .statusCode();
                    if (status != 200) {
                        failed(path + " is answered " + status);
                    }
                } catch (Exception e) {
                    failed(path + ": " + e);
                }
                nanos.add(System.nanoTime() - began);
            }
        }

        private void failed(String how) {
            synchronized (failures) {
                failures.add("the bystander's " + how);
            }
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }

        List<Long> milliseconds() {
            return nanos.stream().map(time -> time / 1_000_000).sorted().toList();
        }
    }
}
