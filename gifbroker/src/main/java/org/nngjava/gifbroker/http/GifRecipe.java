package org.nngjava.gifbroker.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nngjava.gifbroker.media.GifOptions;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;

/**
 * What a GIF is made of: the bytes of a movie, the options, and the way of this version to convert. GIFs of one recipe are the same.
 *
 * @param label what a job is labelled with
 */
record GifRecipe(String label) {
    private static final String PREFIX = "gif-of:";

    /** To be raised when a new version makes other GIFs. */
    private static final int WAY = 1;

    /** The recipe of a GIF that is asked for. */
    static GifRecipe of(Blob movie, GifOptions options) {
        Map<String, String> canonical = new TreeMap<>(options.canonical().toMap());
        String text = WAY + " " + movie.sha256() + " " + canonical;
        return new GifRecipe(PREFIX + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** The recipe of a job; empty if it was submitted by an older version. */
    static Optional<GifRecipe> of(Job job) {
        return job.labels().stream()
                .filter(label -> label.startsWith(PREFIX))
                .map(GifRecipe::new)
                .findFirst();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
