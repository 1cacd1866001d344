package org.nngjava.gifbroker.media;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours: nothing on its standard input, nothing in its environment but what is given, both its outputs drained by
 * threads of their own from the first moment on. For the thread that started it.
 */
final class ChildProcess {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /**
     * The parent of every child. The kernel sends the signal of {@code PR_SET_PDEATHSIG} when the thread that forked ends, not
     * when its process does, so this thread must outlive all children: it lives as long as the JVM.
     */
    private static final ExecutorService PARENT = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "child-process-parent");
        thread.setDaemon(true);
        return thread;
    });

    private final Process process;
    private final Excerpt errors;
    private final List<Thread> drains;

    private ChildProcess(Process process, OutputSink output) {
        this.process = process;
        this.errors = new Excerpt();
        this.drains = List.of(
                drain(process.getInputStream(), output, process.pid() + "-output"),
                drain(process.getErrorStream(), errors, process.pid() + "-errors"));
    }

    /**
     * Starts it.
     *
     * @param command program and arguments; no shell sees them
     * @param environment all of it
     * @param directory to run in
     * @param output takes its standard output, on another thread
     */
    static ChildProcess start(List<String> command, Map<String, String> environment, Path directory, OutputSink output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ChildProcess(fork(builder), output);
    }

    /**
     * Waits for its end, and ends it with all its descendants when the deadline is over, the caller is interrupted, or
     * {@code meanwhile} throws. It runs no more when this returns.
     *
     * @param meanwhile called on this thread about ten times a second while the process runs
     * @throws InterruptedException if the caller is interrupted
     */
    Exit await(Deadline deadline, Runnable meanwhile) throws InterruptedException {
        boolean timedOut = false;
        try {
            while (!process.waitFor(Math.min(deadline.remainingNanos(), TICK.toNanos()), TimeUnit.NANOSECONDS)) {
                if (deadline.isOver()) {
                    timedOut = true;
                    break;
                }
                meanwhile.run();
            }
        } finally {
            end();
        }
        return new Exit(timedOut ? -1 : process.exitValue(), timedOut, errors.text());
    }

    private void end() {
        if (process.isAlive()) {
            List<ProcessHandle> descendants = process.descendants().toList();
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        Deadline death = Deadline.after(DEATH);
        uninterruptibly(() -> process.waitFor(death.remainingNanos(), TimeUnit.NANOSECONDS));
        // An escaped descendant may hold a pipe open for ever: what it still writes is of no interest.
        Deadline lastWords = Deadline.after(LAST_WORDS);
        for (Thread drain : drains) {
            uninterruptibly(() -> TimeUnit.NANOSECONDS.timedJoin(drain, lastWords.remainingNanos()));
        }
    }

    private static Process fork(ProcessBuilder builder) throws IOException {
        try {
            // Takes a few milliseconds and must not be left half done: join() ignores an interrupt, await() sees it.
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return builder.start();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            PARENT)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unchecked) {
                throw unchecked.getCause();
            }
            throw e;
        }
    }

    private static Thread drain(InputStream from, OutputSink to, String name) {
        Thread thread = new Thread(
                () -> {
                    byte[] buffer = new byte[8192];
                    try (from) {
                        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                            to.accept(buffer, length);
                        }
                    } catch (IOException e) {
                        // The process is gone, and its pipe with it.
                    }
                },
                "child-process-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Does what must be done although somebody interrupts; the interrupt is kept. */
    private static void uninterruptibly(Wait wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    wait.run();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Something that can be repeated after an interrupt. */
    @FunctionalInterface
    private interface Wait {
        void run() throws InterruptedException;
    }

    /**
     * How it ended.
     *
     * @param code its exit code, 128 and the signal's number if one killed it, -1 if it was out of time
     * @param timedOut whether the deadline ended it
     * @param errors beginning and end of its standard error
     */
    record Exit(int code, boolean timedOut, String errors) {
        /** The signal that killed it, or 0. */
        int signal() {
            return code > 128 && code < 160 ? code - 128 : 0;
        }
    }
}
