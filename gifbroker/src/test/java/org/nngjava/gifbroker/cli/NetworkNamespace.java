package org.nngjava.gifbroker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Another host on this machine: a network namespace of the kernel, at the other end of a cable that can be pulled. Needs root. */
final class NetworkNamespace implements AutoCloseable {
    private final String name;
    private final String near;

    private NetworkNamespace(int number) {
        name = "gifbroker" + number;
        near = "10." + (128 + number / 64 % 64) + "." + number % 64 + ".1";
    }

    /**
     * Makes one.
     *
     * @throws IOException if this process may not
     */
    static NetworkNamespace create() throws IOException {
        NetworkNamespace other =
                new NetworkNamespace(ThreadLocalRandom.current().nextInt(4096));
        String cable = other.name + "a";
        ip("netns add " + other.name);
        try {
            ip("link add " + cable + " type veth peer name far netns " + other.name);
            ip("address add " + other.near + "/30 dev " + cable);
            ip("link set " + cable + " up");
            ip("-n " + other.name + " address add " + other.near.replaceAll("1$", "2") + "/30 dev far");
            ip("-n " + other.name + " link set far up");
            return other;
        } catch (IOException e) {
            other.close();
            throw e;
        }
    }

    /** What runs a program there. */
    List<String> exec() {
        return List.of("ip", "netns", "exec", name);
    }

    /** The host's address, as it is known there. */
    String host() {
        return near;
    }

    /** Pulls the cable: nothing gets through, and nobody is told. */
    void cut() throws IOException {
        ip("-n " + name + " link set far down");
    }

    /** Puts the cable in again. */
    void mend() throws IOException {
        ip("-n " + name + " link set far up");
    }

    @Override
    public void close() throws IOException {
        ip("netns delete " + name);
    }

    private static void ip(String arguments) throws IOException {
        Process process = new ProcessBuilder(("ip " + arguments).split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("ip " + arguments + ": " + output.strip());
        }
    }
}
