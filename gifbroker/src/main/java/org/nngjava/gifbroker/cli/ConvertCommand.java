package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.gifbroker.media.GifOptions;
import org.nngjava.gifbroker.media.MediaLimits;
import org.nngjava.gifbroker.media.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Movies in, GIFs out. */
@Command(
        name = "convert",
        description = {
            "Convert movies, here or by a server.",
            "A GIF gets the name of its movie with the ending .gif, beside the movie unless -o says otherwise. -o clip.webp and -o clip.mp4 "
                    + "make an animated WebP and an MP4.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        abbreviateSynopsis = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gifbroker convert movie.mp4                       writes movie.gif",
            "  gifbroker convert movie.mp4 -o out.webp --start 1:05 --duration 4",
            "  gifbroker convert movie.mp4 --quality small --crop 720:720 --caption 'Look!'",
            "  gifbroker convert holiday/ '*.mov' -o gifs/       many at once",
            "  gifbroker convert movie.mp4 --server http://127.0.0.1:8080 --json"
        })
final class ConvertCommand implements Callable<Integer> {
    /** More movies than this are not handed over ahead. */
    private static final int AHEAD = 4;

    private static final Duration LOOK = Duration.ofMillis(200);

    @Parameters(
            paramLabel = "IN",
            arity = "1..*",
            description =
                    "Movies; directories stand for the movies right in them, patterns such as '*.mp4' for what matches.")
    private List<Path> arguments;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "The GIF, WebP or MP4, or the directory for it; with several movies a directory.")
    private Path output;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Has it done by the server there, such as http://127.0.0.1:8080")
    private URI server;

    @Mixin
    private AccessOptions access;

    @Mixin
    private GifFlags flags;

    @Mixin
    private LimitFlags limitFlags;

    @Option(
            names = "--ffmpeg",
            paramLabel = "PATH",
            description = "The ffmpeg to use, without --server. Default: the bundled one, or else the one on the PATH")
    private Path ffmpeg;

    @Option(
            names = "--json",
            fallbackValue = "true",
            description = "Print a line of JSON for each movie on standard output, and no progress.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        OutputFormat named = output == null ? null : formatOf(output);
        MediaLimits limits = limitFlags.limits();
        GifOptions asked = flags.options(named == null ? null : named.extension());
        if (server == null) {
            flags.check(asked, limits);
        }
        Usage.require(
                spec,
                named == null || named == asked.formatOrDefault(),
                output + " would be no " + asked.formatOrDefault() + "; name another file with -o");
        List<Conversion> conversions = conversions(asked.formatOrDefault());
        try (GifMaker maker = maker(conversions.size(), limits)) {
            Role.onSignal(maker::close);
            return convert(maker, conversions, asked.toMap()) ? 0 : 1;
        }
    }

    private boolean convert(GifMaker maker, List<Conversion> conversions, Map<String, String> options)
            throws InterruptedException {
        boolean allWell = true;
        Deque<Conversion> waiting = new ArrayDeque<>(conversions);
        Deque<Conversion> underWay = new ArrayDeque<>();
        while (!waiting.isEmpty() || !underWay.isEmpty()) {
            while (!waiting.isEmpty() && underWay.size() < AHEAD) {
                Conversion next = waiting.remove();
                next.submit(maker, options);
                underWay.add(next);
            }
            allWell &= underWay.remove().finish(maker);
        }
        return allWell;
    }

    private GifMaker maker(int count, MediaLimits limits) throws IOException {
        if (server != null) {
            return new RemoteGifMaker(access.server(server));
        }
        int workers = Math.max(1, Math.min(count, Runtime.getRuntime().availableProcessors()));
        return new EmbeddedGifMaker(
                Settings.builder().workers(workers).ffmpeg(ffmpeg).limits(limits), limits.timeLimit());
    }

    /** The format that a file's ending names, or null. */
    private static OutputFormat formatOf(Path file) {
        String name = file.toString();
        return OutputFormat.ofExtension(name.substring(name.lastIndexOf('.') + 1))
                .orElse(null);
    }

    private List<Path> movies() throws IOException {
        try {
            return MoviePaths.of(arguments);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private List<Conversion> conversions(OutputFormat format) throws IOException {
        List<Path> movies = movies();
        Usage.require(
                spec,
                output == null || movies.size() < 2 || !Files.exists(output) || Files.isDirectory(output),
                "with several movies -o is a directory, but " + output + " is a file");
        boolean directory = output != null
                && (movies.size() > 1
                        || Files.isDirectory(output)
                        || output.toString().endsWith("/"));
        Set<Path> gifs = new HashSet<>();
        for (Path movie : movies) {
            Path gif = gifOf(movie, directory, format);
            Usage.require(spec, gifs.add(gif.toAbsolutePath().normalize()), "two movies would become " + gif);
            Usage.require(
                    spec,
                    !Files.exists(gif) || !Files.exists(movie) || !Files.isSameFile(movie, gif),
                    movie + " would be overwritten; name another GIF with -o");
        }
        if (directory) {
            Files.createDirectories(output);
        }
        List<Conversion> conversions = new ArrayList<>();
        for (Path movie : movies) {
            String place = movies.size() == 1 ? "" : conversions.size() + 1 + " of " + movies.size();
            conversions.add(new Conversion(movie, gifOf(movie, directory, format), place));
        }
        return conversions;
    }

    private Path gifOf(Path movie, boolean directory, OutputFormat format) {
        if (output != null && !directory) {
            return output;
        }
        String name =
                movie.getFileName() == null ? "movie" : movie.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String gif = (dot > 0 ? name.substring(0, dot) : name) + "." + format.extension();
        return directory ? output.resolve(gif) : movie.resolveSibling(gif);
    }

    /** One movie on its way. */
    private final class Conversion {
        private final Path movie;
        private final Path gif;
        private final String place;
        private final long begun = System.nanoTime();
        private JobResource job;
        private IOException failure;

        Conversion(Path movie, Path gif, String place) {
            this.movie = movie;
            this.gif = gif;
            this.place = place;
        }

        void submit(GifMaker maker, Map<String, String> options) throws InterruptedException {
            try {
                job = maker.submit(movie, options);
            } catch (IOException e) {
                failure = e;
            }
        }

        boolean finish(GifMaker maker) throws InterruptedException {
            ProgressLine progress = json
                    ? ProgressLine.silent()
                    : ProgressLine.onStandardError(place, movie.getFileName().toString());
            try {
                if (failure != null) {
                    throw failure;
                }
                while (job.finishedAt() == null) {
                    progress.show(job);
                    job = maker.look(job.id(), LOOK);
                }
                progress.clear();
                if (!job.state().equals("succeeded")) {
                    throw new IOException(
                            job.error() == null
                                    ? "the job was " + job.state()
                                    : job.error().detail());
                }
                save(maker);
                reportDone();
                return true;
            } catch (IOException e) {
                progress.clear();
                reportFailed(e);
                return false;
            }
        }

        private void save(GifMaker maker) throws IOException, InterruptedException {
            Path whole = gif.toAbsolutePath();
            Path part = whole.resolveSibling("." + whole.getFileName() + "." + job.id() + ".part");
            try {
                maker.fetch(job.id(), part);
                Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }

        private void reportDone() throws IOException {
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                Map<String, Object> done = new LinkedHashMap<>();
                done.put("movie", movie.toString());
                done.put("gif", gif.toString());
                done.put("bytes", Files.size(gif));
                done.put("milliseconds", time.toMillis());
                done.put("job", job.id());
                done.put("worker", job.worker());
                Role.say(out, done);
            } else {
                out.printf("%s  (%s, %s)%n", gif, ByteSize.human(Files.size(gif)), ProgressLine.seconds(time));
                out.flush();
            }
        }

        private void reportFailed(IOException e) {
            if (json) {
                Map<String, Object> failed = new LinkedHashMap<>();
                failed.put("movie", movie.toString());
                failed.put("error", Failures.sentence(e));
                failed.put(
                        "code",
                        job == null || job.error() == null ? null : job.error().code());
                Role.say(spec.commandLine().getOut(), failed);
            } else {
                String sentence = Failures.sentence(e);
                boolean named = sentence.startsWith(movie.toString());
                spec.commandLine().getErr().println("gifbroker: " + (named ? sentence : movie + ": " + sentence));
            }
        }
    }
}
