package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import picocli.CommandLine.Model.CommandSpec;

/** Checks ports, and finds free ones for addresses that nobody insisted on. */
final class Ports {
    private static final int HIGHEST = 65_535;

    private Ports() {}

    /** Refuses what is no port, as {@code --port}. */
    static void check(CommandSpec spec, int port) {
        Usage.require(spec, port >= 0 && port <= HIGHEST, "--port is 0 to " + HIGHEST);
    }

    /** The URL, or the same with port 0 if its port is taken. */
    static String freeOr(String tcpUrl) {
        URI url = URI.create(tcpUrl);
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(url.getHost()), url.getPort()));
            return tcpUrl;
        } catch (IOException e) {
            return url.getScheme() + "://" + url.getHost() + ":0";
        }
    }
}
