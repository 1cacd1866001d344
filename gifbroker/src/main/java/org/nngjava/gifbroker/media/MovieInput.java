package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.util.List;

/** How a stranger's file is named to ffmpeg and ffprobe. */
final class MovieInput {
    private MovieInput() {}

    /**
     * Options that go before it: only this demuxer, only local files, no bigger picture. They guard against containers that name
     * other files or hosts (CVE-2016-1897, CVE-2017-9993) and against pictures that eat all memory.
     */
    static List<String> guards(MovieContainer container, MediaLimits limits) {
        return guards(container.demuxer(), limits);
    }

    static List<String> guards(String demuxer, MediaLimits limits) {
        return List.of(
                "-protocol_whitelist",
                "file,pipe",
                "-format_whitelist",
                demuxer,
                "-max_pixels",
                Long.toString(Math.min(limits.maxMoviePixels(), Integer.MAX_VALUE)),
                "-f",
                demuxer);
    }

    /** A path that is nothing but a path, whatever its name looks like. */
    static String url(Path file) {
        return "file:" + file.toAbsolutePath();
    }
}
