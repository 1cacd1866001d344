package org.nngjava.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Results for people and for machines. */
final class Report {
    private static final String GAP = "  ";

    private Report() {}

    /** A line of the table: aligned if all lines are made with the same widths. */
    static String line(Result result) {
        return "%-22s  %-9s  %s"
                .formatted(
                        result.judged().name(),
                        result.verdict().kind(),
                        result.verdict().detail())
                .stripTrailing();
    }

    /** What a failure should have been; empty for other verdicts. */
    static String expectation(Result result) {
        return result.verdict().kind() == Verdict.Kind.FAIL
                ? GAP + "expected: " + result.judged().expectation() + " ("
                        + result.judged().reference() + ")\n"
                : "";
    }

    /** How many of each kind, in a line. */
    static String summary(List<Result> results) {
        return Arrays.stream(Verdict.Kind.values())
                .map(kind -> count(results, kind) + " " + kind)
                .collect(Collectors.joining(", "));
    }

    static long count(List<Result> results, Verdict.Kind kind) {
        return results.stream()
                .filter(result -> result.verdict().kind() == kind)
                .count();
    }

    /** All cases that there are for a protocol, with what each expects. */
    static String list(Protocol protocol) {
        List<Case> cases = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (Case some : Suite.cases(protocol, transport)) {
                if (cases.stream().noneMatch(other -> other.name().equals(some.name()))) {
                    cases.add(some);
                }
            }
        }
        return cases.stream()
                .map(some -> "%-22s  %s (%s)%n".formatted(some.name(), some.expectation(), some.reference()))
                .collect(Collectors.joining());
    }

    /** The results in the XML of JUnit. Known deviations are skipped there, with their name. */
    static String junit(List<Result> results) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"conformance\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\">%n"
                .formatted(
                        results.size(),
                        count(results, Verdict.Kind.FAIL),
                        count(results, Verdict.Kind.NOT_APPLICABLE) + count(results, Verdict.Kind.DEVIATES)));
        for (Result result : results) {
            String detail = escape(result.verdict().detail());
            String inside = switch (result.verdict().kind()) {
                case PASS -> "";
                case FAIL ->
                    "    <failure message=\"" + detail + "\">expected: "
                            + escape(result.judged().expectation()) + " ("
                            + escape(result.judged().reference())
                            + ")</failure>\n";
                case DEVIATES -> "    <skipped message=\"deviates: " + detail + "\"/>\n";
                case NOT_APPLICABLE -> "    <skipped message=\"" + detail + "\"/>\n";
            };
            xml.append("  <testcase classname=\"%s.%s\" name=\"%s\" time=\"%.3f\">%n%s  </testcase>%n"
                    .formatted(
                            result.protocol(),
                            result.transport(),
                            result.judged().name(),
                            result.time().toNanos() / 1e9,
                            inside));
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
