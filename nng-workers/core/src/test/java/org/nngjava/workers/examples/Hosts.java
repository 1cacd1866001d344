package org.nngjava.workers.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hosts on one machine: network namespaces of Linux, each with a loopback and a network of its own. A wire leads from the first one to each
 * of the others, and nowhere else.
 */
final class Hosts implements AutoCloseable {
    private static final String NAME = "nng" + ProcessHandle.current().pid() + "-";

    private final List<String> names = new ArrayList<>();

    /**
     * Makes them.
     *
     * @param count with the first
     */
    Hosts(int count) throws IOException {
        try {
            for (int host = 0; host < count; host++) {
                ip("netns", "add", NAME + host);
                names.add(NAME + host);
                ip("-n", NAME + host, "link", "set", "lo", "up");
                if (host > 0) {
                    connect(host);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> obstacle() {
        try {
            new Hosts(2).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The address of the first one, as another one sees it. */
    String addressOfFirst(int seenBy) {
        return "10.231." + seenBy + ".1";
    }

    /** What runs a command on one of them. */
    List<String> on(int host, List<String> command) {
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", names.get(host)));
        there.addAll(command);
        return there;
    }

    /** Takes them away, and their networks with them. */
    @Override
    public void close() throws IOException {
        for (String name : names) {
            ip("netns", "delete", name);
        }
        names.clear();
    }

    private void connect(int host) throws IOException {
        String first = names.get(0);
        String wire = "wire" + host;
        ip("-n", first, "link", "add", wire, "type", "veth", "peer", "name", "wire", "netns", names.get(host));
        ip("-n", first, "address", "add", addressOfFirst(host) + "/24", "dev", wire);
        ip("-n", first, "link", "set", wire, "up");
        ip("-n", names.get(host), "address", "add", "10.231." + host + ".2/24", "dev", "wire");
        ip("-n", names.get(host), "link", "set", "wire", "up");
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }
}
