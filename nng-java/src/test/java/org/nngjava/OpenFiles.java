package org.nngjava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The open files of this process: tests that count them run alone. */
final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    static int count() throws IOException {
        try (Stream<Path> files = Files.list(DESCRIPTORS)) {
            return (int) files.count();
        }
    }

    /** How many of them lead to something with this in its name. */
    static int count(String target) throws IOException {
        try (Stream<Path> files = Files.list(DESCRIPTORS)) {
            return (int) files.filter(file -> target(file).contains(target)).count();
        }
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "gone";
        }
    }
}
