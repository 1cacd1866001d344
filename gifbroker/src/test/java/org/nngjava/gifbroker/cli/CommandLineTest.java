package org.nngjava.gifbroker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {
    @Test
    void helpNamesEveryRoleAndEndsWell() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "serve",
                        "broker",
                        "worker",
                        "stream-worker",
                        "up",
                        "convert",
                        "jobs",
                        "workers",
                        "monitor",
                        "load",
                        "load-worker",
                        "pipe",
                        "doctor",
                        "demo",
                        "completion");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "broker", "worker", "stream-worker", "convert", "load", "demo"})
    void everyRoleHasHelpWithDefaultsAndAVersion(String role) {
        assertThat(CommandRun.of(role, "--help").exitCode()).isZero();
        assertThat(CommandRun.of(role, "--help").out()).contains("Default: ");
        assertThat(CommandRun.of(role, "--version").out()).startsWith("gifbroker ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"convert", "serve", "worker", "jobs", "workers", "monitor", "load", "pipe"})
    void theHelpHasExamplesThatFitOnATerminal(String command) {
        List<String> help = CommandRun.of(command, "--help").out().lines().toList();

        List<String> examples = help.subList(help.indexOf("Examples:") + 1, help.size());
        assertThat(examples).hasSizeGreaterThan(2).allMatch(line -> line.length() <= 80);
        assertThat(examples.get(0)).startsWith("  gifbroker " + command);
    }

    /** Else it would be the opposite of its default, which a variable or a file may have changed. */
    @Test
    void everyFlagMeansYes() {
        assertThat(flags(Gifbroker.whole().getCommandSpec()))
                .hasSizeGreaterThan(8)
                .allMatch(flag -> "true".equals(flag.fallbackValue()));
    }

    private static List<OptionSpec> flags(CommandSpec command) {
        return Stream.concat(
                        command.options().stream()
                                .filter(option -> option.type() == boolean.class)
                                .filter(option -> !option.usageHelp() && !option.versionHelp()),
                        command.subcommands().values().stream().flatMap(line -> flags(line.getCommandSpec()).stream()))
                .toList();
    }

    @Test
    void wrongUsageEndsWithTwoAndPointsToHelp() {
        assertThat(CommandRun.of().exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("sing").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("serve", "--http", "nowhere").err())
                .contains("'nowhere' is not HOST:PORT", "Try 'gifbroker serve --help'.");
        assertThat(CommandRun.of("worker", "--slots", "0").exitCode()).isEqualTo(2);
    }

    @Test
    void theEnvironmentSetsWhatNoFlagDoes() {
        Map<String, String> environment = Map.of("GIFBROKER_MAX_UPLOAD", "12M", "GIFBROKER_HTTP", "127.0.0.1:1234");

        String help = CommandRun.in(environment, "serve", "--help").out();
        assertThat(help.replaceAll("\\s", "")) // however wide the terminal is
                .contains("Default:12M", "Default:127.0.0.1:1234");
        assertThat(CommandRun.in(Map.of("GIFBROKER_LEASE", "soon"), "serve").err())
                .contains("'soon' is not a time", "(GIFBROKER_LEASE)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "broker"})
    void nobodyListensBeyondLoopbackWithoutAToken(String role) {
        CommandRun run = CommandRun.of(role, "--http", "0.0.0.0:0");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("HTTP at 0.0.0.0:0 would be open to everybody: beyond loopback it needs a token");
    }

    @ParameterizedTest
    @CsvSource({
        "serve, --listen, tcp://0.0.0.0:0, is not secure: beyond loopback use tls+tcp",
        "broker, --events, tcp://0.0.0.0:0, is not secure: beyond loopback use tls+tcp",
        "broker, --listen, tls+tcp://127.0.0.1:0, needs a TLS configuration",
        "serve, --capacity, 0, capacity"
    })
    void whatCannotBeServedAsAskedForIsWrongUsage(String role, String option, String value, String message) {
        // The usual port of events may be taken, and is bound first.
        CommandRun run = CommandRun.of(role, "--http", "127.0.0.1:0", "--events", "tcp://127.0.0.1:0", option, value);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message, "Try 'gifbroker " + role + " --help'.");
    }

    @Test
    void webhooksAreNotSentUnsigned() {
        CommandRun run = CommandRun.of("serve", "--webhooks");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--webhooks needs --webhook-secret");
    }

    @Test
    void aTokenIsGivenAsSuchOrByAFileAndNeverShown(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "correct-horse-battery\n");

        assertThat(OptionTypes.secret("@" + file)).isEqualTo(OptionTypes.secret("correct-horse-battery"));
        assertThat(OptionTypes.secret("correct-horse-battery").toString()).doesNotContain("horse");
        CommandRun weak = CommandRun.of("jobs", "list", "--token", "hunter2");
        assertThat(weak.exitCode()).isEqualTo(2);
        assertThat(weak.err()).contains("16 to 128 visible characters").doesNotContain("hunter2");
        assertThat(CommandRun.of("serve", "--token", "@" + directory + "/none").err())
                .contains("none: no such file");
        assertThat(CommandRun.in(Map.of("GIFBROKER_TOKEN", "correct-horse-battery"), "serve", "--help")
                        .out())
                .doesNotContain("horse");
    }

    @Test
    void aShellCompletesCommandsAndOptions(@TempDir Path directory) throws Exception {
        CommandRun run = CommandRun.of("completion", "bash");
        Path script = Files.writeString(directory.resolve("completion"), run.out());

        assertThat(completed(script, "gifbroker", "mon")).containsExactly("monitor");
        assertThat(completed(script, "gifbroker", "workers", "qui")).containsExactly("quiet");
        assertThat(completed(script, "gifbroker", "serve", "--max-u")).containsExactly("--max-upload");
        assertThat(CommandRun.of("completion", "fish").exitCode()).isEqualTo(2);
    }

    /** What bash makes of the last of these words. */
    private static List<String> completed(Path script, String... words) throws Exception {
        String line = String.join(" ", words);
        String ask = "source '" + script + "'; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1)
                + "; _complete_gifbroker; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "-c", ask)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"500, 500", "1k, 1024", "500M, 524288000", "2GiB, 2147483648"})
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "1X"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "1.5, 1500", "10s, 10000", "2m, 120000", "1h, 3600000"})
    void timesAreReadAsPeopleWriteThem(String text, long milliseconds) {
        assertThat(OptionTypes.duration(text)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @CsvSource({"1920x1080, 2073600", "5000, 5000", "100000x100000, 10000000000"})
    void pixelsAreReadAsPeopleWriteThem(String text, long count) {
        assertThat(Pixels.parse(text).count()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "broker", "worker", "convert"})
    void everyLimitIsAFlagOfWhoeverConverts(String role) {
        Map<String, String> environment = Map.of("GIFBROKER_MAX_MEMORY", "3G", "GIFBROKER_MAX_GIF_PIXELS", "640x480");

        assertThat(CommandRun.in(environment, role, "--help").out().replaceAll("\\s+", " "))
                .contains("Default: 2G", "Default: 3G", "Default: 8192x8192", "Default: 640x480", "Default: 3000")
                .contains("Default: 60s", "Default: 256M", "Default: 20m", "Default: 10m");
    }

    @ParameterizedTest
    @CsvSource({
        "--max-memory=255M, at least 256M",
        "--max-pixels=wide, is not a number of pixels such as 1920x1080",
        "--max-frames=0, a limit must be more than 0",
        "--max-cpu=0, a limit must be more than 0"
    })
    void aLimitThatNothingCouldKeepToIsRefused(String flag, String message) {
        CommandRun run = CommandRun.of("convert", "movie.mp4", flag);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void theDemoMakesAGifAndTellsItsSteps(@TempDir Path directory) throws Exception {
        Path gif = directory.resolve("demo.gif");

        CommandRun run = CommandRun.of("demo", "-o", gif.toString(), "--length", "2s");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("make a movie", "post the movie", "convert", gif + " is ready");
        assertThat(AnimatedGif.read(Files.readAllBytes(gif)).hundredths()).isEqualTo(200);
        assertThat(RunningApp.files(directory)).containsExactly(gif);
    }
}
