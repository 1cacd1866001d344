package org.nngjava.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class MainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @Test
    void judgesAnEndpointThatListensSomewhere() {
        try (Subject subject = NngSubject.open(Protocol.REP, Transport.TCP, directory, 0)) {
            assertThat(run("--case", "rep.id", subject.url(), "rep")).isZero();
        }
        assertThat(output.toString(UTF_8)).startsWith("rep.id ").contains("1 pass, 0 deviates, 0 FAIL, 0 n/a");
    }

    @Test
    void saysWhatWasExpectedOfAnEndpointThatFails() {
        try (Subject subject = NngSubject.open(Protocol.REP, Transport.IPC, directory, 0)) {
            assertThat(run("--patience", "1", "--case", "greeting", subject.url(), "pull"))
                    .isOne();
        }
        assertThat(output.toString(UTF_8))
                .contains("FAIL", "expected: The endpoint sends 00 53 50 00", "(sp-tcp-mapping-01 2");
    }

    @Test
    void writesTheResultsForMachines() throws Exception {
        Path file = directory.resolve("results.xml");
        try (Subject subject = NngSubject.open(Protocol.PULL, Transport.WS, directory, 0)) {
            run("--case", "ws.", "--implementation", "nng", "--junit", file.toString(), subject.url(), "pull");
        }
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        int cases = suite.getElementsByTagName("testcase").getLength();
        assertThat(cases).isGreaterThan(10);
        assertThat(suite.getAttribute("tests")).isEqualTo(String.valueOf(cases));
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(suite.getElementsByTagName("skipped").getLength()).isPositive();
    }

    @Test
    void saysWhatIsWrongWithACall() {
        assertThat(run("tcp://127.0.0.1:1", "rep")).isEqualTo(2);
        assertThat(run("tcp://127.0.0.1:1")).isEqualTo(2);
        assertThat(run("--what", "tcp://127.0.0.1:1", "rep")).isEqualTo(2);
        assertThat(run("inproc://x", "rep")).isEqualTo(2);
        assertThat(output.toString(UTF_8).lines()).hasSize(4).allMatch(line -> line.startsWith("conformance: "));
    }

    @Test
    void listsEveryCaseWithItsExpectationAndWhereThatIsSaid() {
        for (Protocol protocol : Protocol.values()) {
            output.reset();
            assertThat(run("--list", protocol.toString())).isZero();
            assertThat(output.toString(UTF_8).lines())
                    .hasSizeGreaterThan(30)
                    .allMatch(line -> line.matches("[a-z0-9.]+ +[A-Z].*\\. \\(.+\\)"));
        }
    }

    private int run(String... args) {
        PrintStream stream = new PrintStream(output, true, UTF_8);
        return Main.run(args, stream, stream);
    }
}
