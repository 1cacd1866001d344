package org.nngjava.conformance;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * An endpoint in a process of its own, started and ended by the suite. Each line that it prints is a message that it was given: either
 * plain, or in double quotes with the escapes of C, such as {@code \x00}.
 */
final class ProcessSubject implements Subject {
    /** What its {@link #death()} begins with if it was ended by a signal. */
    static final String CRASHED = "it crashed with signal ";

    private static final int LAST_WORDS = 3;
    private static final int DYING = 3;
    private static final int ATTEMPTS = 3;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // No endpoint outlives the suite, however that ends.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroy)));
    }

    private final Protocol protocol;
    private final String url;
    private final Path directory;
    private final Traits traits;
    private final Process process;
    private final Received received = new Received();
    private final Deque<String> errors = new ArrayDeque<>();

    private ProcessSubject(Protocol protocol, String url, Path directory, Traits traits, Process process) {
        this.protocol = protocol;
        this.url = url;
        this.directory = directory;
        this.traits = traits;
        this.process = process;
        RUNNING.add(process);
        follow("stdout", this::readOutput);
        follow("stderr", this::readErrors);
    }

    /**
     * Starts a command by the shell, with {@code {url}} replaced by an address of its own, and waits until it listens there.
     *
     * @throws IOException if it does not
     */
    static ProcessSubject start(
            String command, Protocol protocol, Transport transport, Traits traits, Duration patience)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path directory = Files.createTempDirectory("conformance");
            String url = switch (transport) {
                case TCP -> "tcp://127.0.0.1:" + freePort();
                case WS -> "ws://127.0.0.1:" + freePort();
                case IPC -> "ipc://" + directory.resolve("endpoint");
            };
            ProcessSubject subject = new ProcessSubject(protocol, url, directory, traits, process(command, url));
            if (subject.listens(patience)) {
                return subject;
            }
            subject.close();
            // Somebody else may have taken the port.
            if (attempt == ATTEMPTS) {
                throw new IOException(command + " does not listen at " + url + ": " + subject.lastWords());
            }
        }
    }

    private boolean listens(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            try {
                Wire.probe(Address.of(url));
                return true;
            } catch (IOException e) {
                Wire.pause();
            }
        }
        return false;
    }

    /** Starts a command that dials this address, and does not wait. */
    static ProcessSubject dialling(String command, Protocol protocol, String url) throws IOException {
        Path directory = Files.createTempDirectory("conformance");
        return new ProcessSubject(protocol, url, directory, Traits.unknown(), process(command, url));
    }

    private static Process process(String command, String url) throws IOException {
        return new ProcessBuilder("sh", "-c", "exec " + command.replace("{url}", url)).start();
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Optional<Received> received() {
        return Optional.of(received);
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public Optional<String> death() {
        try {
            Wire.probe(Address.of(url));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(ended() ? end() + ": " + lastWords() : "it listens no more");
        }
    }

    /** Throws what there is to say of its end, if it has ended. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(end() + ": " + lastWords());
        }
    }

    @Override
    public void close() {
        process.destroy();
        RUNNING.remove(process);
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory.resolve("endpoint"));
            Files.deleteIfExists(directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow(String stream, Runnable reader) {
        Thread thread = new Thread(reader, stream + " of " + url);
        thread.setDaemon(true);
        thread.start();
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                received.add(message(line));
            }
        } catch (IOException e) {
            return; // the process has ended
        }
    }

    private void readErrors() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (errors) {
                    if (errors.size() < LAST_WORDS) {
                        errors.addLast(line);
                    }
                }
            }
        } catch (IOException e) {
            return; // the process has ended
        }
    }

    /** The message that a line stands for. */
    static byte[] message(String line) {
        if (line.length() < 2 || !line.startsWith("\"") || !line.endsWith("\"")) {
            return Bytes.ascii(line);
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int i = 1; i < line.length() - 1; i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() - 1) {
                c = line.charAt(++i);
                switch (c) {
                    case 'n' -> c = '\n';
                    case 'r' -> c = '\r';
                    case 't' -> c = '\t';
                    case 'x' -> {
                        c = (char) Integer.parseInt(line, i + 1, i + 3, 16);
                        i += 2;
                    }
                    default -> {}
                }
            }
            message.write(c);
        }
        return message.toByteArray();
    }

    /** A process that is about to die takes a moment to do so. */
    private boolean ended() {
        try {
            return process.waitFor(DYING, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How it ended; the shell's way of telling of a signal is to add 128. */
    private String end() {
        int code = process.exitValue();
        return code > 128 ? CRASHED + (code - 128) : "it ended with " + code;
    }

    private String lastWords() {
        synchronized (errors) {
            return String.join(" / ", errors);
        }
    }

    /** A port that nobody listened at a moment ago, and none of those that connections are given. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
