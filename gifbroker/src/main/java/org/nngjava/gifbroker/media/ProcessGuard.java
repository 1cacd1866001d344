package org.nngjava.gifbroker.media;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a child process is started through, so that it cannot outlive or outgrow this one: {@code setpriv(1)} lets the kernel
 * kill it when the thread that started it ends, and bars it from new privileges; {@code prlimit(1)} sets its resource limits and
 * forbids core dumps. Both replace themselves by the program, so that no process is added.
 *
 * <p>One gap is left: a JVM that is killed in the millisecond between the start of a child and setpriv's call leaves that
 * child. Its CPU time and output are bounded, and {@link WorkDirectories} ends it at the next start.
 */
record ProcessGuard(Optional<Path> setpriv, Optional<Path> prlimit) {
    static final ProcessGuard NONE = new ProcessGuard(Optional.empty(), Optional.empty());

    private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

    /** What this machine has. */
    static ProcessGuard find() {
        return new ProcessGuard(find("setpriv"), find("prlimit"));
    }

    boolean isNone() {
        return setpriv.isEmpty() && prlimit.isEmpty();
    }

    List<String> wrap(List<String> command, ResourceLimits limits) {
        List<String> wrapped = new ArrayList<>();
        setpriv.ifPresent(
                program -> wrapped.addAll(List.of(program.toString(), "--pdeathsig", "KILL", "--no-new-privs", "--")));
        prlimit.ifPresent(program -> {
            wrapped.addAll(List.of(program.toString(), "--core=0"));
            add(wrapped, "--as=", limits.memory());
            if (limits.cpuSeconds() > 0) {
                // A signal that tells why, each second, and death for who does not heed it.
                wrapped.add("--cpu=" + limits.cpuSeconds() + ":" + (limits.cpuSeconds() + 10));
            }
            add(wrapped, "--fsize=", limits.fileSize());
            wrapped.add("--");
        });
        wrapped.addAll(command);
        return wrapped;
    }

    private static void add(List<String> wrapped, String option, long value) {
        if (value > 0) {
            wrapped.add(option + value);
        }
    }

    private static Optional<Path> find(String name) {
        return PLACES.stream()
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
