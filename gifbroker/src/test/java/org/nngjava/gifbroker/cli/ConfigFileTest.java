package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings from a file, as every command takes them. */
class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void theFileSetsWhatNeitherEnvironmentNorFlagDoes() throws Exception {
        Path file = file("lease: 7s", "max-upload: 12M # not much", "max-frames: 77");
        Map<String, String> environment = Map.of("GIFBROKER_MAX_UPLOAD", "13M");

        String help = help(environment, "serve", "--config", file.toString());

        assertThat(help).contains("Default:7s", "Default:13M", "Default:77");
        CommandRun flag = CommandRun.in(environment, "serve", "--config", file.toString(), "--lease", "soon");
        assertThat(flag.err()).contains("'soon' is not a time").doesNotContain("(");
    }

    @Test
    void theEnvironmentMayNameTheFileAndItMayStandBeforeTheCommand() throws Exception {
        Path file = file("max-cpu: 3m");

        assertThat(help(Map.of("GIFBROKER_CONFIG", file.toString()), "worker")).contains("Default:3m");
        assertThat(help(Map.of(), "--config", file.toString(), "broker")).contains("Default:3m");
        assertThat(help(Map.of(), "jobs", "--config", file("limit: 7").toString(), "list"))
                .contains("Default:7");
    }

    @Test
    void aSettingThatThereIsNotIsNamedWithItsLineAndTheNearest() throws Exception {
        Path file = file("# settings", "", "max-uplaod: 500M");

        CommandRun run = CommandRun.of("serve", "--config", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        file + ", line 3: there is no setting 'max-uplaod'; the nearest is 'max-upload'",
                        "Try 'gifbroker --help'.");
        assertThat(CommandRun.of(
                                "worker", "--config", file("config: other.yaml").toString())
                        .err())
                .contains("there is no setting 'config'");
    }

    @Test
    void aValueThatCannotBeReadIsSaidWithItsPlace() throws Exception {
        Path file = file("http: 127.0.0.1:0", "lease: soon");

        CommandRun run = CommandRun.of("serve", "--config", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'soon' is not a time", "(" + file + ", line 2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lease: 5s;lease: 6s            | line 2: 'lease' is set twice",
                "lease:                         | line 1: 'lease' has a value, or a list of values",
                "listen: {a: b}                 | line 1: 'listen' has a value, or a list of values",
                "- lease                        | line 1: a file of settings has lines such as",
                "lease                          | line 1: a file of settings has lines such as",
                "lease: 5s;---;lease: 6s        | the settings end before this",
                "lease: 5s;token: @/etc/token   | line 2: while scanning for the next token found character '@' that cannot start any token. A value",
                "lease: 5s;  token: x           | line 2: mapping values are not allowed here"
            })
    void whatIsNoFileOfSettingsIsRefused(String lines, String message) throws Exception {
        Path file = file(lines.split(";"));

        CommandRun run = CommandRun.of("serve", "--config", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--config: " + file + ", ", message);
    }

    @Test
    void aFlagDoesNotTurnOffWhatIsTurnedOnAlready() throws Exception {
        String file = file("json: true").toString();

        assertThat(CommandRun.of("doctor", "--json", "--config", file).out()).startsWith("{");
        assertThat(CommandRun.in(Map.of("GIFBROKER_JSON", "true"), "doctor", "--json")
                        .out())
                .startsWith("{");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path none = directory.resolve("none.yaml");

        CommandRun run = CommandRun.of("worker", "--config", none.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--config: " + none + ": no such file");
    }

    @Test
    void aServerTakesAllKindsOfSettingsFromIt() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "correct-horse-battery\n");
        Path file = file(
                "http: 127.0.0.1:0",
                "listen:",
                "  - tcp://127.0.0.1:0",
                "  - ipc://" + directory.resolve("work"),
                "events: tcp://127.0.0.1:0",
                "workers: 0",
                "token: \"@" + token + "\"",
                "webhooks: true",
                "webhook-secret: another-horse-battery",
                "slots: 3");
        try (RoleProcess serve = RoleProcess.start(directory.resolve("tmp"), "serve", "--config", file.toString())) {
            assertThat(serve.ready().get("work").size()).isEqualTo(2);
            assertThat(serve.sendAsync(serve.request("/v1/jobs").build()).join().statusCode())
                    .isEqualTo(401);
            assertThat(serve.log()).contains("Settings from " + file + "; serve has no use for slots");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "broker", "worker"})
    void theExampleForTheUnitsIsTaken(String role) throws Exception {
        Path example = Path.of("../docs/operations/gifbroker.yaml");
        String everything;
        try (Stream<String> lines = Files.lines(example)) {
            everything = lines.map(line -> line.replaceFirst("^#(?! )", "")).collect(Collectors.joining("\n"));
        }

        assertThat(CommandRun.of(role, "--config", example.toString(), "--help").exitCode())
                .isZero();
        CommandRun all = CommandRun.of(role, "--config", file(everything).toString(), "--help");
        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(all.out().replaceAll("\\s", "")).contains("Default:500M");
    }

    /** As shown with these arguments, however wide the terminal is. */
    private static String help(Map<String, String> environment, String... arguments) {
        CommandRun run = CommandRun.in(
                environment,
                Stream.concat(Stream.of(arguments), Stream.of("--help")).toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out().replaceAll("\\s", "");
    }

    private Path file(String... lines) throws Exception {
        return Files.writeString(Files.createTempFile(directory, "settings", ".yaml"), String.join("\n", lines) + "\n");
    }
}
