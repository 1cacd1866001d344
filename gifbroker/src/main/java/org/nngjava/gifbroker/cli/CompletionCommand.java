package org.nngjava.gifbroker.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has a shell complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Print a script with which a shell completes commands and options.",
            "bash: source <(gifbroker completion bash)",
            "zsh:  source <(gifbroker completion zsh)",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class CompletionCommand implements Runnable {
    /** Shells that are known: zsh reads bash's script. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine program = Gifbroker.whole();
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.ZSH) {
            out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        out.print(AutoComplete.bash(program.getCommandName(), program));
        out.flush();
    }
}
