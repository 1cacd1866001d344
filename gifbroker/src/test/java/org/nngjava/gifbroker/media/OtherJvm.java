package org.nngjava.gifbroker.media;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second JVM that runs a main class of the tests, as the one that runs them would. */
final class OtherJvm {
    private OtherJvm() {}

    /** The command, for whoever puts something before it. */
    static List<String> command(List<String> jvmOptions, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    static Process start(Path log, List<String> jvmOptions, Class<?> main, String... arguments) throws IOException {
        return new ProcessBuilder(command(jvmOptions, main, arguments))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
