package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Removes what tests left. */
final class TemporaryFiles {
    private TemporaryFiles() {}

    static void deleteTree(Path root) throws IOException {
        for (int attempt = 0; Files.exists(root) && attempt < 20; attempt++) {
            try (Stream<Path> all = Files.walk(root)) {
                all.sorted(Comparator.reverseOrder()).forEach(TemporaryFiles::delete);
            } catch (UncheckedIOException e) {
                // A dying browser still writes to its profile.
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
