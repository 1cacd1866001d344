package org.nngjava.gifbroker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nngjava.gifbroker.media.MediaLimits;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.JobState;

/**
 * Has random mutations of small real movies, of all containers and with random options, converted by the real application. Each must become
 * a GIF or fail for a reason that is the movie's; ffmpeg may crash or take too long, but nothing else may: nobody fetches what a mutation
 * names, no file and no process is left behind, and in the end the same workers convert a good movie.
 */
final class MediaSoak {
    private static final List<String> EXTENSIONS =
            List.of("mp4", "mov", "avi", "mkv", "webm", "gif", "ts", "mpg", "ogv", "flv", "wmv");
    private static final Set<String> REASONS = Set.of(
            "not-a-movie",
            "unreadable",
            "no-picture",
            "start-beyond-end",
            "crop-beyond-picture",
            "limit",
            "crashed",
            "timed-out");
    private static final int AHEAD = 4;

    private MediaSoak() {}

    /** Takes the number of mutations and the seed. */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        Seen seen = run(count, seed);
        System.out.println(seen.text());
        System.exit(seen.failures().isEmpty() ? 0 : 1);
    }

    /**
     * What was seen.
     *
     * @param ends how many became a GIF, or failed for which reason
     * @param seconds that it took
     * @param slowest the longest that one conversion ran, in milliseconds
     * @param failures what must not be
     */
    record Seen(Map<String, Integer> ends, double seconds, long slowest, List<String> failures) {
        String text() {
            return String.format(
                    "%s in %.0f s, the slowest %d ms%n%s",
                    ends, seconds, slowest, failures.isEmpty() ? "all is well" : String.join("\n", failures));
        }
    }

    static Seen run(int count, long seed) throws Exception {
        Path root = Files.createTempDirectory("media-soak");
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            server.configureBlocking(false);
            Mutations mutations = new Mutations(
                    root, seed, "http://127.0.0.1:" + server.socket().getLocalPort() + "/a.ts");
            MediaLimits limits = MediaLimits.defaults()
                    .withTimeLimit(Duration.ofSeconds(30))
                    .withMaxOutputBytes(8L << 20)
                    .withMemory(1L << 30);
            Path data = root.resolve("data");
            App app = App.create(Settings.builder()
                    .workers(2)
                    .data(data)
                    .limits(limits)
                    .drain(Duration.ZERO)
                    .build());
            app.start();
            Seen seen;
            try {
                seen = convert(app.queue(), mutations, count);
                if (server.accept() != null) {
                    seen.failures().add("somebody fetched what a movie names");
                }
                leftBehind(data).forEach(file -> seen.failures().add("left behind: " + file));
                ProcessesBelow.directory(root)
                        .forEach(process -> seen.failures().add("left running: " + process.info()));
            } finally {
                app.stop();
            }
            return seen;
        } finally {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Seen convert(JobQueue queue, Mutations mutations, int count) throws Exception {
        Map<String, Integer> ends = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        long slowest = 0;
        long began = System.nanoTime();
        Deque<Job> underWay = new ArrayDeque<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < count + AHEAD; i++) {
            if (i < count) {
                Job job = queue.submit(JobRequest.builder(GifJobHandler.TYPE)
                        .payload(mutations.next())
                        .options(mutations.options())
                        .retries(0)
                        .build());
                numbers.put(job.id(), i);
                underWay.add(job);
            }
            if (i >= AHEAD && !underWay.isEmpty()) {
                Job done = queue.await(underWay.remove().id()).get(2, TimeUnit.MINUTES);
                String end = done.state() == JobState.SUCCEEDED
                        ? "GIF"
                        : done.error() == null
                                ? done.state().toString()
                                : done.error().code();
                ends.merge(end, 1, Integer::sum);
                slowest = Math.max(slowest, done.runTime().toMillis());
                if (!end.equals("GIF")
                        && !REASONS.contains(end.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                    failures.add("number " + numbers.get(done.id()) + ": " + done.state() + ", " + done.error());
                }
                numbers.remove(done.id());
                queue.remove(done.id());
                if ((i - AHEAD + 1) % 500 == 0) {
                    System.out.printf("%d of %d: %s%n", i - AHEAD + 1, count, ends);
                }
            }
        }
        Job good = queue.await(
                        queue.submit(GifJobHandler.TYPE, mutations.good()).id())
                .get(1, TimeUnit.MINUTES);
        if (good.state() != JobState.SUCCEEDED) {
            failures.add("in the end a good movie fails: " + good.error());
        }
        queue.remove(good.id());
        return new Seen(ends, (System.nanoTime() - began) / 1e9, slowest, failures);
    }

    /** Movies, parts of them and GIFs that no job has; blobs are deleted a moment after their jobs. */
    private static List<Path> leftBehind(Path data) throws InterruptedException {
        List<Path> left = List.of();
        for (int i = 0; i < 100; i++) {
            left = Stream.of("blobs", "work")
                    .flatMap(name -> RunningApp.files(data.resolve(name)).stream())
                    .toList();
            if (left.isEmpty()) {
                break;
            }
            Thread.sleep(50);
        }
        return left;
    }

    /** Movies that were damaged. The same seed gives the same. For one thread. */
    private static final class Mutations {
        private final Random random;
        private final List<byte[]> movies = new ArrayList<>();
        private final List<String> scripts;

        Mutations(Path directory, long seed, String address) throws IOException {
            random = new Random(seed);
            for (String extension : EXTENSIONS) {
                Path movie = TestMovies.movie(directory, extension, 0.4);
                movies.add(Files.readAllBytes(movie));
            }
            scripts = List.of(
                    "#EXTM3U\n#EXTINF:9,\n" + address + "\n#EXT-X-ENDLIST\n",
                    "ffconcat version 1.0\nfile '" + address + "'\n",
                    address + "\0",
                    "<MPD><Period><BaseURL>" + address + "</BaseURL></Period></MPD>");
        }

        byte[] good() {
            return movies.get(0);
        }

        byte[] next() {
            byte[] movie = movies.get(random.nextInt(movies.size())).clone();
            int changes = 1 + (int) Math.abs(random.nextGaussian() * 4);
            for (int i = 0; i < changes && movie.length > 0; i++) {
                movie = change(movie);
            }
            return movie;
        }

        Map<String, String> options() {
            return switch (random.nextInt(12)) {
                case 0 -> Map.of("format", "webp");
                case 1 -> Map.of("format", "mp4", "width", "64");
                case 2 -> Map.of("reverse", "true", "speed", "0.5");
                case 3 -> Map.of("crop", "60:50:3:5", "start", "0.1");
                case 4 -> Map.of("caption", "100% {n}", "quality", "small");
                case 5 -> Map.of("fps", "50", "width", "320", "quality", "best");
                default -> Map.of();
            };
        }

        private byte[] change(byte[] movie) {
            // Headers are worth more than pictures: half of the changes are near the beginning.
            int reach = random.nextBoolean() ? Math.min(movie.length, 600) : movie.length;
            int at = random.nextInt(reach);
            int length = Math.min(movie.length - at, 1 + random.nextInt(64));
            switch (random.nextInt(9)) {
                case 0 -> movie[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> movie[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(movie, at, at + length, (byte) (random.nextBoolean() ? 0 : -1));
                case 3 -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, movie, at, length);
                }
                case 4 -> {
                    return Arrays.copyOf(movie, at);
                }
                case 5 -> {
                    return joined(movie, 0, at, movie, at + length, movie.length);
                }
                case 6 -> {
                    byte[] longer = joined(movie, 0, at + length, movie, at, at + length);
                    return joined(longer, 0, longer.length, movie, at + length, movie.length);
                }
                case 7 -> {
                    byte[] other = movies.get(random.nextInt(movies.size()));
                    return joined(movie, 0, at, other, random.nextInt(other.length), other.length);
                }
                default -> {
                    byte[] script = scripts.get(random.nextInt(scripts.size())).getBytes(StandardCharsets.US_ASCII);
                    System.arraycopy(script, 0, movie, at, Math.min(script.length, movie.length - at));
                }
            }
            return movie;
        }

        private static byte[] joined(byte[] a, int fromA, int toA, byte[] b, int fromB, int toB) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(a, fromA, toA - fromA);
            out.write(b, fromB, Math.max(0, toB - fromB));
            return out.toByteArray();
        }
    }
}
