package org.nngjava.gifbroker;

import org.nngjava.gifbroker.cli.Gifbroker;

/** The entry point of {@code gifbroker.jar}. */
public final class Main {
    private Main() {}

    /**
     * Runs a command and ends the process: 0 done, 1 failed, 2 wrong usage; 143 when ended by SIGTERM.
     *
     * @param args a subcommand and its options; see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(Gifbroker.commandLine(System.getenv(), args).execute(args));
    }
}
