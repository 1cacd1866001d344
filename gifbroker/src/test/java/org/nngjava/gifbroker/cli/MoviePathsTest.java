package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoviePathsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void fill() throws Exception {
        for (String name : List.of("b.mp4", "a.MOV", "c.webm", "notes.txt", "a.gif")) {
            Files.createFile(directory.resolve(name));
        }
        Files.createDirectory(directory.resolve("more.mp4"));
    }

    @Test
    void aDirectoryStandsForTheMoviesInIt() throws Exception {
        assertThat(names(directory)).containsExactly("a.MOV", "b.mp4", "c.webm");
    }

    @Test
    void aPatternStandsForTheFilesThatMatch() throws Exception {
        assertThat(names(directory.resolve("*.{mp4,webm}"))).containsExactly("b.mp4", "c.webm");
        assertThat(names(directory.resolve("a.???"))).containsExactly("a.MOV", "a.gif");
    }

    @Test
    void aFileIsTakenAsItIsAndOnce() throws Exception {
        Path text = directory.resolve("notes.txt");
        Path missing = directory.resolve("missing.mp4");

        assertThat(MoviePaths.of(List.of(text, missing, directory.resolve("notes.*"))))
                .containsExactly(text, missing);
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsThatFile() throws Exception {
        Path file = Files.createFile(directory.resolve("what?.mp4"));

        assertThat(MoviePaths.of(List.of(file))).containsExactly(file);
    }

    @Test
    void whatMeansNoMovieIsRefused() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThatThrownBy(() -> MoviePaths.of(List.of(empty))).hasMessage("there is no movie in " + empty);
        assertThatThrownBy(() -> MoviePaths.of(List.of(empty.resolve("*.mp4"))))
                .hasMessage("no file matches " + empty.resolve("*.mp4"));
        assertThat(CommandRun.of("convert", empty.toString()).exitCode()).isEqualTo(2);
    }

    private static List<String> names(Path argument) throws Exception {
        return MoviePaths.of(List.of(argument)).stream()
                .map(movie -> movie.getFileName().toString())
                .toList();
    }
}
