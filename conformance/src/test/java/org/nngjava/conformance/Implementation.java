package org.nngjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The implementations that are judged here, and how to make endpoints of them. */
enum Implementation {
    NNG_JAVA("nng-java", ""),
    NNGCAT("nng-1.5.2", "nngcat"),
    NANOCAT("nanomsg", "nanocat");

    /** What the messages of these programs begin with. */
    static final String DATA = "message";

    private static final long LIMIT = 4 << 20;
    private static final Duration STARTING = Duration.ofSeconds(10);

    private final String known;
    private final String program;

    Implementation(String known, String program) {
        this.known = known;
        this.program = program;
    }

    /** The name under which its deviations are known. */
    String known() {
        return known;
    }

    /** Its name in tables. */
    String title() {
        return program.isEmpty() ? known : program;
    }

    /** The program that it needs; empty if none. */
    String program() {
        return program;
    }

    /** Whether it can be tried on this machine. */
    boolean isInstalled() {
        return program.isEmpty()
                || Arrays.stream(System.getenv("PATH").split(":", -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** The protocols that it speaks. */
    Set<Protocol> protocols() {
        return this == NANOCAT ? EnumSet.complementOf(EnumSet.of(Protocol.PAIR1)) : EnumSet.allOf(Protocol.class);
    }

    /** An endpoint that listens, ipc in this directory, and behaves so that it can be judged. */
    Subject open(Protocol protocol, Transport transport, Path directory) throws IOException {
        if (this == NNG_JAVA) {
            return NngSubject.open(protocol, transport, directory, LIMIT);
        }
        // nanomsg's default limit, which the program cannot change.
        Traits traits = Traits.unknown().withSends(DATA).withLimit(this == NANOCAT ? 1 << 20 : 0);
        boolean silent = protocol == Protocol.PAIR0 || protocol == Protocol.PAIR1;
        return ProcessSubject.start(listening(protocol, silent ? 0 : 1), protocol, transport, traits, STARTING);
    }

    /**
     * The command of a program that listens at {@code {url}}.
     *
     * @param interval after how many seconds it sends again; 0 if a PAIR or BUS is only to take what comes
     */
    String listening(Protocol protocol, int interval) {
        return command(protocol, interval, this == NANOCAT ? "--bind {url}" : "--listen {url}");
    }

    /** The command of a program that dials {@code {url}}. */
    String dialling(Protocol protocol, int interval) {
        return command(protocol, interval, this == NANOCAT ? "--connect {url}" : "--dial {url}");
    }

    private String command(Protocol protocol, int interval, String address) {
        String name = protocol.toString();
        if (this == NANOCAT && protocol == Protocol.PAIR0) {
            name = "pair";
        } else if (this == NNGCAT && protocol == Protocol.BUS) {
            name = "bus0";
        }
        String data = " --data " + DATA;
        String again = interval == 0 ? "" : data + " --interval " + interval;
        String what = switch (protocol) {
            case REP, RESPONDENT -> " --hex" + data;
            case PULL -> " --hex";
            case SUB -> " --hex --subscribe " + Traits.TOPIC;
            case PUB, PUSH -> again;
            case PAIR0, PAIR1, BUS, REQ, SURVEYOR -> " --hex" + again;
        };
        return program + " --" + name + " " + address + what;
    }
}
