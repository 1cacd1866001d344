package org.nngjava.workers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker in a process of its own, which tests start, stop, continue and kill. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private WorkerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a JVM with a worker of one slot. */
    static WorkerProcess start(String url, String name, String... jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                url,
                name));
        return new WorkerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Runs in the process. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            Worker.builder()
                    .connect(args[0])
                    .name(args[1])
                    .handle("sleep", job -> {
                        System.out.println("started " + job.id() + " " + job.attempt());
                        Thread.sleep(Long.parseLong(job.options().get("ms")));
                    })
                    .handle("await-file", job -> {
                        System.out.println("started " + job.id() + " " + job.attempt());
                        Path file = Path.of(job.options().get("file"));
                        while (Files.notExists(file)) {
                            Thread.sleep(5);
                        }
                        job.result(args[1].getBytes(StandardCharsets.UTF_8));
                    })
                    .handle("echo", job -> {
                        try (InputStream in = job.payload();
                                OutputStream out = job.result("application/octet-stream")) {
                            in.transferTo(out);
                        }
                        System.out.println("resident " + residentBytes());
                    })
                    .handle("exit", job -> Runtime.getRuntime().halt(1))
                    .start();
            System.out.println("up");
        }

        private static long residentBytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(-1);
        }
    }

    List<String> output() {
        return List.copyOf(output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: its connections stay open, and it says no more. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void signal(String name) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " answered " + result);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add("output lost: " + e);
        }
    }
}
