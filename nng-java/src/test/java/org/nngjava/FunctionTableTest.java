package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nngjava.internal.NngApi;

/** Holds docs/nng/functions.md to NNG's headers on the one side and to the binding on the other. */
class FunctionTableTest {
    private static final Path TABLE = Path.of("../docs/nng/functions.md");
    private static final Path HEADERS = Path.of("../native/build/sources/nng/include/nng");
    private static final Path SOURCES = Path.of("src/main/java/org/nngjava");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`nng_[^|]*`) \\| (yes|no) \\| ([^|]+) \\|$");
    private static final Pattern FUNCTION = Pattern.compile("`(nng_\\w+)`");
    private static final Pattern DECLARED = Pattern.compile("\\b(nng_\\w+)\\s*\\(");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("`([A-Z]\\w+)(?:<\\w+>)?(?:\\.(\\w+))?[^`]*`");

    private record Row(List<String> functions, boolean bound, String text) {}

    @Test
    void everyFunctionOfTheHeadersIsKnown() throws Exception {
        assertThat(names(upTo152(), row -> true)).containsExactlyInAnyOrderElementsOf(declared());
    }

    @Test
    void everyFunctionHasOneRow() throws Exception {
        String whole = Files.readString(TABLE);
        assertThat(rows(whole).stream().flatMap(row -> row.functions().stream()))
                .hasSizeGreaterThan(480)
                .doesNotHaveDuplicates();
        assertThat(whole.lines().filter(line -> line.startsWith("| `"))).hasSameSizeAs(rows(whole));
    }

    @Test
    void whatIsSaidToBeBoundIs() throws Exception {
        assertThat(names(Files.readString(TABLE), Row::bound)).containsExactlyInAnyOrderElementsOf(bound());
    }

    @Test
    void whatIsBoundIsUsed() throws Exception {
        String sources = sources();
        assertThat(bound()).allSatisfy(name -> assertThat(sources).containsPattern("[.:]" + name + "\\b"));
    }

    @Test
    void thePlacesInJavaExist() throws Exception {
        for (Row row : rows(Files.readString(TABLE))) {
            List<MatchResult> places = PLACE.matcher(row.text()).results().toList();
            for (MatchResult place : row.bound() ? places : List.<MatchResult>of()) {
                String type = place.group(1);
                if (!type.equals("CompletableFuture")) {
                    assertThat(members("org.nngjava." + type))
                            .as(row.text())
                            .contains(place.group(2) == null ? "toString" : place.group(2));
                }
            }
        }
    }

    private static List<String> members(String type) throws ClassNotFoundException {
        Class<?> found = Class.forName(type);
        return Stream.concat(
                        Stream.of(found.getMethods(), Object.class.getMethods()).flatMap(Arrays::stream),
                        Arrays.stream(found.getDeclaredMethods()))
                .map(Method::getName)
                .toList();
    }

    private static String upTo152() throws IOException {
        String whole = Files.readString(TABLE);
        int later = whole.indexOf("## Later than 1.5.2");
        return later < 0 ? whole : whole.substring(0, later);
    }

    private static List<Row> rows(String table) {
        return ROW.matcher(table)
                .results()
                .map(row -> new Row(
                        FUNCTION.matcher(row.group(1))
                                .results()
                                .map(function -> function.group(1))
                                .toList(),
                        row.group(2).equals("yes"),
                        row.group(3)))
                .toList();
    }

    private static Set<String> names(String table, Predicate<Row> which) {
        return rows(table).stream()
                .filter(which)
                .flatMap(row -> row.functions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> bound() {
        return Arrays.stream(NngApi.class.getMethods())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("NngApi.java"))
                    .map(FunctionTableTest::read)
                    .collect(Collectors.joining());
        }
    }

    /** What the headers declare, where the sources of 1.5.2 are on this machine. */
    private static Set<String> declared() throws IOException {
        assumeTrue(Files.isRegularFile(HEADERS.resolve("nng.h")), "NNG's sources are not in native/build");
        assumeTrue(
                Pattern.compile("NNG_MINOR_VERSION\\s+5\\b.*NNG_PATCH_VERSION\\s+2\\b", Pattern.DOTALL)
                        .matcher(read(HEADERS.resolve("nng.h")))
                        .find(),
                "NNG's sources are not those of 1.5.2");
        try (Stream<Path> files = Files.walk(HEADERS)) {
            return files.filter(file -> file.toString().endsWith(".h"))
                    .filter(file -> !file.startsWith(HEADERS.resolve("compat")))
                    .map(file -> COMMENT.matcher(read(file)).replaceAll(" "))
                    .flatMap(text -> DECLARED.matcher(text).results())
                    .map(declaration -> declaration.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
