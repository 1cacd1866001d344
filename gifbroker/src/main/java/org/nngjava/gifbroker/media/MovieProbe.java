package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks into a movie with ffprobe, under the same guards as a conversion. Immutable. */
final class MovieProbe {
    private static final String ENTRIES = "format=duration"
            + ":stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,duration"
            + ":stream_disposition=default,attached_pic,timed_thumbnails"
            + ":stream_tags=rotate"
            + ":stream_side_data=rotation";

    private final FfmpegRun run;
    private final MediaLimits limits;
    private final JsonMapper json = JsonMapper.builder().build();

    MovieProbe(FfmpegRun run, MediaLimits limits) {
        this.run = run;
        this.limits = limits;
    }

    /**
     * Probes a file that is such a container.
     *
     * @param directory to run in
     * @throws MediaException if it cannot be read, has no picture or too big a one, or the time is over
     */
    Movie probe(Path file, MovieContainer container, Path directory, Deadline deadline)
            throws MediaException, IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error"));
        arguments.addAll(MovieInput.guards(container, limits));
        arguments.addAll(List.of("-print_format", "json=compact=1", "-show_entries", ENTRIES, MovieInput.url(file)));
        Excerpt output = new Excerpt(1 << 20);
        ChildProcess.Exit exit = run.probe(arguments, directory, output, deadline);
        return read(container, output, exit);
    }

    private Movie read(MovieContainer container, Excerpt output, ChildProcess.Exit exit) throws MediaException {
        JsonNode root;
        try {
            root = json.readTree(output.text());
        } catch (JacksonException e) {
            throw FfmpegRun.unreadable(exit, limits);
        }
        List<JsonNode> pictures = new ArrayList<>();
        boolean any = false;
        for (JsonNode stream : root.path("streams")) {
            any = true;
            if (stream.path("codec_type").asString("").equals("video") && !isStill(stream)) {
                pictures.add(stream);
            }
        }
        if (!any) {
            throw FfmpegRun.unreadable(exit, limits);
        }
        JsonNode picture = pictures.stream()
                .max(Comparator.comparing(MovieProbe::isDefault).thenComparing(MovieProbe::pixels))
                .orElseThrow(() -> new MediaException(
                        MediaException.Kind.NO_PICTURE, "There is no picture in this movie, only sound or text"));
        return movie(container, picture, root, exit);
    }

    private Movie movie(MovieContainer container, JsonNode picture, JsonNode root, ChildProcess.Exit exit)
            throws MediaException {
        int width = picture.path("width").asInt(0);
        int height = picture.path("height").asInt(0);
        if (pixels(picture) > limits.maxMoviePixels()) {
            throw FfmpegRun.tooManyPixels(width, height, limits);
        }
        if (width <= 0 || height <= 0) {
            throw FfmpegRun.unreadable(exit, limits);
        }
        double shape = aspect(picture.path("sample_aspect_ratio").asString(""));
        int shown = (int) Math.max(1, Math.round(width * shape));
        boolean upright = isUpright(picture);
        return new Movie(
                container,
                picture.path("index").asInt(0),
                picture.path("codec_name").asString("unknown"),
                upright ? shown : height,
                upright ? height : shown,
                pixels(picture),
                seconds(picture, root.path("format")));
    }

    /** The cover of a record, the pictures of a seek bar. */
    private static boolean isStill(JsonNode stream) {
        JsonNode disposition = stream.path("disposition");
        return disposition.path("attached_pic").asInt(0) == 1
                || disposition.path("timed_thumbnails").asInt(0) == 1;
    }

    private static boolean isDefault(JsonNode stream) {
        return stream.path("disposition").path("default").asInt(0) == 1;
    }

    private static long pixels(JsonNode stream) {
        return stream.path("width").asLong(0) * stream.path("height").asLong(0);
    }

    private static boolean isUpright(JsonNode stream) {
        double rotation = number(stream.path("tags").path("rotate")).orElse(0.0);
        for (JsonNode data : stream.path("side_data_list")) {
            rotation = number(data.path("rotation")).orElse(rotation);
        }
        return Math.abs(Math.abs(rotation) % 180 - 90) > 1;
    }

    /** Of a pixel; nonsense counts as square. */
    private static double aspect(String ratio) {
        int colon = ratio.indexOf(':');
        if (colon < 0) {
            return 1;
        }
        try {
            double aspect =
                    Double.parseDouble(ratio.substring(0, colon)) / Double.parseDouble(ratio.substring(colon + 1));
            return aspect >= 0.1 && aspect <= 10 ? aspect : 1;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static OptionalDouble seconds(JsonNode picture, JsonNode format) {
        return Stream.of(picture, format)
                .flatMap(node -> number(node.path("duration")).stream())
                .filter(seconds -> seconds > 0)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    /** ffprobe writes some numbers as text. */
    private static Optional<Double> number(JsonNode node) {
        try {
            double value = Double.parseDouble(node.asString(""));
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
