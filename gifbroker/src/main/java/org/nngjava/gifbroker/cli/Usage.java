package org.nngjava.gifbroker.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What options demand of their values. */
final class Usage {
    private Usage() {}

    /**
     * Checks it.
     *
     * @param otherwise what to tell whoever used the command wrongly
     */
    static void require(CommandSpec spec, boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
