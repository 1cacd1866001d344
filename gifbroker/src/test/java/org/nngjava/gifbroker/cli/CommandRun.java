package org.nngjava.gifbroker.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/**
 * A command that ran in this process.
 *
 * @param exitCode as the process would end with
 * @param out its standard output
 * @param err its messages; progress and log go elsewhere
 */
record CommandRun(int exitCode, String out, String err) {
    /** Runs a command line. */
    static CommandRun of(String... arguments) {
        return in(Map.of(), arguments);
    }

    /** Runs a command line in an environment. */
    static CommandRun in(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Gifbroker.commandLine(environment, arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = line.execute(arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
