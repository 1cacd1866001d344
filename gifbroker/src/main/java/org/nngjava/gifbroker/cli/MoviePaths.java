package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The movies that the arguments of a command mean: files, all movies in a directory, and patterns that the shell left alone. */
final class MoviePaths {
    private static final Set<String> ENDINGS = Set.of(
            "3gp", "asf", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogv", "ts", "webm", "wmv");

    private MoviePaths() {}

    /**
     * The movies, in the order of the arguments, those of one argument by name, none twice.
     *
     * @throws IllegalArgumentException if an argument means none, with a sentence that says which
     */
    static List<Path> of(List<Path> arguments) throws IOException {
        List<Path> movies = new ArrayList<>();
        for (Path argument : arguments) {
            for (Path movie : meantBy(argument)) {
                if (!movies.contains(movie)) {
                    movies.add(movie);
                }
            }
        }
        return movies;
    }

    private static List<Path> meantBy(Path argument) throws IOException {
        if (Files.isDirectory(argument)) {
            return list(argument, MoviePaths::isMovie, "there is no movie in " + argument);
        }
        Path name = argument.getFileName();
        if (Files.exists(argument) || name == null || !isPattern(name.toString())) {
            return List.of(argument);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
        Path parent = argument.getParent() == null ? Path.of("") : argument.getParent();
        return list(
                parent,
                file -> Files.isRegularFile(file) && matcher.matches(file.getFileName()),
                "no file matches " + argument);
    }

    private static List<Path> list(Path directory, Predicate<Path> wanted, String otherwise) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(wanted).sorted().toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(otherwise);
            }
            return found;
        }
    }

    private static boolean isPattern(String name) {
        return name.chars().anyMatch(letter -> "*?[{".indexOf(letter) >= 0);
    }

    private static boolean isMovie(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
