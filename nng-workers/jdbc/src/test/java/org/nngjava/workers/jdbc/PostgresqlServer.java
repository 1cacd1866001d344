package org.nngjava.workers.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of the test's own, from the programs of Debian's package: on a free port of the loopback interface, with its
 * data in a directory that is removed at the end. It ends with this process. PostgreSQL does not run as root: then it runs
 * as the user whom the package has made for it.
 */
final class PostgresqlServer implements AutoCloseable {
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
    private static final String USER = "postgres";

    private final Path programs;
    private final Path directory;
    private final int port;
    private Process server;

    /** Makes a cluster and starts the server. */
    PostgresqlServer(Path programs) throws IOException, InterruptedException {
        this.programs = programs;
        directory = Files.createTempDirectory("nng-workers-postgresql");
        if (isRoot()) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        }
        run("initdb", "-D", directory + "/data", "-U", USER, "-A", "trust", "--locale=C.UTF-8", "--no-sync");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
    }

    /** Where the newest version's programs are; empty if there are none, or no user to run them. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(PACKAGES)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(PACKAGES)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** Starts the server and waits until it answers. */
    void start() throws IOException {
        server = new ProcessBuilder(command(
                        "postgres",
                        "-D",
                        directory + "/data",
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    try (Connection connection = connections().getConnection()) {
                        return connection.isValid(10);
                    }
                });
    }

    /** Ends the server at once, as a crash would, and all connections with it. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        server.destroyForcibly().onExit().join();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    PGSimpleDataSource connections() {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setServerNames(new String[] {"127.0.0.1"});
        connections.setPortNumbers(new int[] {port});
        connections.setDatabaseName(USER);
        connections.setUser(USER);
        return connections;
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(program, arguments))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(program + " failed: " + output);
        }
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        if (isRoot()) {
            command.addAll(List.of("--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
