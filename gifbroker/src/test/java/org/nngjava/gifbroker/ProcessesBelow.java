package org.nngjava.gifbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes that work in a directory or below it, whoever started them: those of one test, though others run beside it. */
public final class ProcessesBelow {
    private ProcessesBelow() {}

    /** Those that run now. */
    public static List<ProcessHandle> directory(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> worksBelow(process, directory))
                .toList();
    }

    private static boolean worksBelow(ProcessHandle process, Path directory) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .startsWith(directory.toAbsolutePath());
        } catch (IOException e) {
            return false; // it has just ended, or is somebody else's
        }
    }
}
