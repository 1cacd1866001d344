package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nngjava.benchmarks.LocalServer;
import org.nngjava.benchmarks.Trees;

/**
 * A PostgreSQL server with Debian's defaults, on a free port of the loopback interface and in a directory of its own. It ends with
 * this process. It does not run as root: then it runs as the user that the package has made.
 */
final class PostgresqlServer implements AutoCloseable {
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
    private static final String USER = "postgres";
    private static final long PATIENCE_MILLIS = 60_000;

    private final Path programs;
    private final Path directory;
    private final Process server;
    private final String url;

    private PostgresqlServer(Path programs) throws IOException, InterruptedException {
        this.programs = programs;
        directory = Files.createTempDirectory("nng-bench-postgresql");
        if (isRoot()) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        }
        String data = directory + "/data";
        Process init = start("initdb", "-D", data, "-U", USER, "-A", "trust", "--locale=C.UTF-8");
        if (init.waitFor() != 0) {
            throw new IOException("initdb failed: " + log());
        }
        int port = LocalServer.freePort();
        server = start(
                "postgres",
                "-D",
                data,
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=");
        url = "jdbc:postgresql://127.0.0.1:" + port + "/" + USER + "?user=" + USER;
        awaitUp();
    }

    /** Starts one, if it is installed. */
    static Optional<PostgresqlServer> start() throws IOException, InterruptedException {
        if (!Files.isDirectory(PACKAGES)) {
            return Optional.empty();
        }
        Optional<Path> programs;
        try (Stream<Path> versions = Files.list(PACKAGES)) {
            programs = versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
        return programs.isEmpty() ? Optional.empty() : Optional.of(new PostgresqlServer(programs.get()));
    }

    String url() {
        return url;
    }

    private void awaitUp() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (true) {
            try {
                DriverManager.getConnection(url).close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline || !server.isAlive()) {
                    throw new IOException("PostgreSQL does not start: " + log(), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
    }

    private Process start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "INT"));
        if (isRoot()) {
            command.addAll(List.of("--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public void close() throws IOException {
        server.destroy();
        server.onExit().join();
        Trees.delete(directory);
    }
}
