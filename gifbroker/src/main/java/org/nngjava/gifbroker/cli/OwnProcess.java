package org.nngjava.gifbroker.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nngjava.gifbroker.Main;

/** This program again, in a process of its own. */
final class OwnProcess {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private OwnProcess() {}

    /**
     * The command that runs it, with the Java and the classes that run this one.
     *
     * @param jvmOptions such as {@code -Xmx128m}
     * @param arguments as on the command line
     */
    static ProcessBuilder builder(List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest has it
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /**
     * Has the kernel send it SIGTERM when the thread that starts it ends, with its process at the latest, however that ends. Where there is no
     * {@code setpriv(1)} it stays.
     */
    static void endWithThisThread(ProcessBuilder builder) {
        if (Files.isExecutable(SETPRIV)) {
            List<String> command = new ArrayList<>(List.of(SETPRIV.toString(), "--pdeathsig", "TERM", "--"));
            command.addAll(builder.command());
            builder.command(command);
        }
    }
}
