package org.nngjava.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What came of the whole suite, as Markdown: a table of the cases for every protocol, one for each protocol, and the deviations. */
final class ResultTable {
    private static final String COMMON = "Every protocol";
    private static final String UNTRIED = "–";

    /** By heading and case: its text, and the results of each implementation. */
    private final Map<String, Map<String, Row>> tables = new LinkedHashMap<>();

    /** By implementation and name: what it does instead, and where that was seen. */
    private final Map<String, Map<String, Instead>> deviations = new TreeMap<>();

    private record Row(Case some, Map<Implementation, List<Result>> results) {}

    private record Instead(String what, Set<String> where) {}

    void add(Implementation implementation, List<Result> results) {
        for (Result result : results) {
            String name = result.judged().name();
            String heading =
                    name.startsWith(result.protocol() + ".") ? result.protocol().toString() : COMMON;
            tables.computeIfAbsent(heading, key -> new LinkedHashMap<>())
                    .computeIfAbsent(name, key -> new Row(result.judged(), new EnumMap<>(Implementation.class)))
                    .results
                    .computeIfAbsent(implementation, key -> new ArrayList<>())
                    .add(result);
            result.verdict()
                    .deviation()
                    .ifPresent(deviation -> deviations
                            .computeIfAbsent(implementation.title(), key -> new TreeMap<>())
                            .computeIfAbsent(
                                    deviation,
                                    key -> new Instead(
                                            result.verdict().detail().substring(key.length() + 2), new TreeSet<>()))
                            .where
                            .add(name));
        }
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        tables.forEach((heading, rows) -> text.append(table(heading, rows.values())));
        text.append(
                "\n### Known deviations\n\n| Implementation | Deviation | What it does instead | Cases |\n|---|---|---|---|\n");
        deviations.forEach((implementation, all) -> all.forEach((name, instead) -> text.append("| %s | %s | %s | %s |%n"
                .formatted(implementation, name, escape(instead.what), String.join(", ", instead.where)))));
        return text.toString();
    }

    private static String table(String heading, Iterable<Row> rows) {
        StringBuilder text =
                new StringBuilder("\n### " + heading + "\n\n| Case | What is expected, and where that is said |");
        for (Implementation implementation : Implementation.values()) {
            text.append(' ').append(implementation.title()).append(" |");
        }
        text.append("\n|---|---|")
                .append("---|".repeat(Implementation.values().length))
                .append('\n');
        for (Row row : rows) {
            text.append("| %s | %s (%s) |"
                    .formatted(row.some.name(), escape(row.some.expectation()), row.some.reference()));
            for (Implementation implementation : Implementation.values()) {
                text.append(' ')
                        .append(cell(row.results.getOrDefault(implementation, List.of())))
                        .append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The verdicts where there are any, with how often each was seen if they are not all the same. */
    private static String cell(List<Result> results) {
        Map<String, Long> verdicts = results.stream()
                .map(Result::verdict)
                .filter(verdict -> verdict.kind() != Verdict.Kind.NOT_APPLICABLE)
                .collect(Collectors.groupingBy(ResultTable::shown, TreeMap::new, Collectors.counting()));
        if (verdicts.isEmpty()) {
            return UNTRIED;
        }
        return verdicts.entrySet().stream()
                .map(entry -> verdicts.size() == 1 ? entry.getKey() : entry.getValue() + " × " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String shown(Verdict verdict) {
        return verdict.deviation().orElse(verdict.kind().toString());
    }

    private static String escape(String text) {
        return text.replace("|", "\\|");
    }
}
