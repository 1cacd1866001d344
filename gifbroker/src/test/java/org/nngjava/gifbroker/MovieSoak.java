package org.nngjava.gifbroker;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nngjava.gifbroker.cli.RoleProcess;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.media.TestMovies;

/**
 * Has a movie that is far bigger than any heap here made into a GIF: over HTTP to a broker, which stores it and sends it to a worker, each in a
 * process of its own.
 */
final class MovieSoak {
    private static final String HEAP = "128m";
    private static final long LARGEST_RESIDENT = 400_000_000;
    private static final int FRAME_BYTES = 1920 * 1080 * 3 / 2;
    private static final int MOVIE_RATE = 25;
    private static final int GIF_RATE = 5;

    private MovieSoak() {}

    /** Takes the size of the movie in megabytes. */
    public static void main(String[] args) throws Exception {
        int megabytes = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        Seen seen = run(megabytes);
        System.out.printf(
                "a movie of %d MB, %d frames: sent and stored in %.1f s, a GIF of %d frames after %.1f s%n"
                        + "resident at most, with a heap of %s each: broker %d MB, worker %d MB (aim: below %d)%n",
                seen.bytes() / 1_000_000,
                seen.frames(),
                seen.uploadSeconds(),
                seen.gif().frames(),
                seen.seconds(),
                HEAP,
                seen.brokerResident() / 1_000_000,
                seen.workerResident() / 1_000_000,
                LARGEST_RESIDENT / 1_000_000);
        System.exit(seen.isWell() ? 0 : 1);
    }

    /**
     * What was seen.
     *
     * @param bytes of the movie
     * @param frames of the movie
     * @param uploadSeconds until it was accepted
     * @param seconds until the GIF had come
     * @param brokerResident the most memory that the broker's process ever had resident, in bytes
     * @param workerResident and the worker's
     * @param gif what came
     */
    record Seen(
            long bytes,
            int frames,
            double uploadSeconds,
            double seconds,
            long brokerResident,
            long workerResident,
            AnimatedGif gif) {
        /** Whether the GIF shows the movie from its beginning to its end, and nobody held much of it in memory. */
        boolean isWell() {
            return Math.abs(gif.frames() - frames * GIF_RATE / MOVIE_RATE) <= 1
                    && brokerResident < LARGEST_RESIDENT
                    && workerResident < LARGEST_RESIDENT;
        }
    }

    static Seen run(int megabytes) throws Exception {
        Path root = Files.createTempDirectory("movie-soak");
        try (RoleProcess broker = RoleProcess.startWithHeap(
                        HEAP,
                        root.resolve("broker"),
                        "broker",
                        "--http",
                        "127.0.0.1:0",
                        "--listen",
                        "tcp://127.0.0.1:0",
                        "--events",
                        "tcp://127.0.0.1:0",
                        "--data",
                        root.resolve("data").toString());
                RoleProcess worker = RoleProcess.startWithHeap(
                        HEAP,
                        root.resolve("worker"),
                        "worker",
                        "--broker",
                        broker.workUrl(),
                        "--work",
                        root.resolve("work").toString())) {
            int frames = Math.toIntExact(megabytes * 1_000_000L / FRAME_BYTES);
            Path movie = movie(root, frames);
            long began = System.nanoTime();
            JobResource accepted = RunningApp.job(answer(
                    broker,
                    broker.request("/v1/gifs?width=160&fps=" + GIF_RATE).POST(BodyPublishers.ofFile(movie)),
                    202));
            double uploadSeconds = (System.nanoTime() - began) / 1e9;
            JobResource done =
                    RunningApp.job(answer(broker, broker.request("/v1/jobs/" + accepted.id() + "?wait=600"), 200));
            if (done.links().result() == null) {
                throw new IOException(done + "; " + worker.log());
            }
            byte[] gif =
                    answer(broker, broker.request(done.links().result()), 200).body();
            return new Seen(
                    Files.size(movie),
                    frames,
                    uploadSeconds,
                    (System.nanoTime() - began) / 1e9,
                    broker.mostResident(),
                    worker.mostResident(),
                    AnimatedGif.read(gif));
        } finally {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Pictures as they are, without any compression: big, and quickly read. */
    private static Path movie(Path directory, int frames) {
        return TestMovies.make(
                directory.resolve("movie.avi"),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=1920x1080:r=" + MOVIE_RATE,
                "-frames:v",
                Integer.toString(frames),
                "-c:v",
                "rawvideo",
                "-pix_fmt",
                "yuv420p");
    }

    private static HttpResponse<byte[]> answer(
            RoleProcess broker, java.net.http.HttpRequest.Builder request, int status) throws Exception {
        HttpResponse<byte[]> answer = broker.sendAsync(request.build()).get(15, TimeUnit.MINUTES);
        if (answer.statusCode() != status) {
            throw new IOException(answer + ": " + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return answer;
    }
}
