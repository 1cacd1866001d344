package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.http.Json;
import tools.jackson.databind.JsonNode;

class LogTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void forProgramsEachLineIsAnObject() throws Exception {
        try (RoleProcess serve = serve("--http", "127.0.0.1:0", "--log-format", "json", "--json")) {
            serve.awaitReady();
            serve.signal("TERM");
            serve.exitCode(SOON);

            List<JsonNode> lines = lines(serve.log());
            assertThat(lines).allSatisfy(line -> {
                assertThat(Instant.parse(line.get("time").asString())).isBefore(Instant.now());
                assertThat(line.propertyNames()).containsExactly("time", "level", "logger", "thread", "message");
            });
            assertThat(lines)
                    .extracting(line -> line.get("message").asString())
                    .contains("Ready at " + serve.http(), "Stopped");
            assertThat(lines.get(0).get("level").asString()).isEqualTo("INFO");
            assertThat(lines.get(0).get("logger").asString()).startsWith("org.nngjava.gifbroker.");
        }
    }

    @Test
    void soIsWhatEndsAServerAtItsStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RoleProcess serve = serve("--http", "127.0.0.1:" + taken.getLocalPort(), "--log-format", "json")) {
            assertThat(serve.exitCode(SOON)).isEqualTo(1);

            List<JsonNode> lines = lines(serve.log());
            JsonNode last = lines.get(lines.size() - 1);
            assertThat(last.get("level").asString()).isEqualTo("ERROR");
            assertThat(last.get("message").asString()).startsWith("cannot listen on 127.0.0.1:");
        }
    }

    @Test
    void forPeopleALineIsShortAndTheyChooseHowManyThereAre() throws Exception {
        try (RoleProcess usual = serve("--http", "127.0.0.1:0", "--json");
                RoleProcess quiet = serve("--http", "127.0.0.1:0", "--json", "--log-level", "warn")) {
            usual.awaitReady();
            quiet.awaitReady();

            assertThat(usual.log()).containsPattern("(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO App - Ready at http://");
            assertThat(quiet.log()).isEmpty();
        }
    }

    @Test
    void anExceptionIsInTheLineOfItsMessage() {
        LoggingEvent event = new LoggingEvent(
                "any",
                new LoggerContext().getLogger("org.example"),
                Level.WARN,
                "it broke\nin two",
                new IllegalStateException("the reason"),
                null);

        String text = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);

        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        JsonNode line = lines(text).get(0);
        assertThat(line.get("message").asString()).isEqualTo("it broke\nin two");
        assertThat(line.get("error").asString())
                .startsWith("java.lang.IllegalStateException: the reason")
                .contains("at org.nngjava.gifbroker.cli.LogTest");
    }

    private RoleProcess serve(String... more) throws Exception {
        String[] usual = {"serve", "--listen", "tcp://127.0.0.1:0", "--events", "tcp://127.0.0.1:0", "--workers", "0"};
        return RoleProcess.launch(
                directory.resolve("tmp"),
                Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new));
    }

    private static List<JsonNode> lines(String log) {
        return log.lines()
                .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                .toList();
    }
}
