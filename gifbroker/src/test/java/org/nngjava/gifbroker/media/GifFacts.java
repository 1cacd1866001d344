package org.nngjava.gifbroker.media;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ffprobe, asked without any of our options, says of a GIF.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rate as ffprobe writes it, such as {@code 25/2}
 * @param seconds that it lasts
 * @param frames counted by decoding all
 */
record GifFacts(int width, int height, String rate, double seconds, int frames) {
    static GifFacts of(Path gif) {
        String output = TestMovies.run(List.of(
                TestMovies.ffmpeg().ffprobe().toString(),
                "-v",
                "error",
                "-count_frames",
                "-show_entries",
                "stream=codec_name,width,height,r_frame_rate,duration,nb_read_frames",
                "-of",
                "default=noprint_wrappers=1",
                gif.toString()));
        Map<String, String> facts = new LinkedHashMap<>();
        output.lines().filter(line -> line.contains("=")).forEach(line -> {
            int equals = line.indexOf('=');
            facts.put(line.substring(0, equals), line.substring(equals + 1));
        });
        if (!"gif".equals(facts.get("codec_name"))) {
            throw new AssertionError("no GIF: " + output);
        }
        return new GifFacts(
                Integer.parseInt(facts.get("width")),
                Integer.parseInt(facts.get("height")),
                facts.get("r_frame_rate"),
                Double.parseDouble(facts.get("duration")),
                Integer.parseInt(facts.get("nb_read_frames")));
    }
}
