package org.nngjava.gifbroker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs what blocks in a thread of its own. The common pool has one thread where there are two processors (as of JDK 25 at any rate), and tests run
 * beside each other.
 */
public final class NewThread {
    private static final Executor EXECUTOR = task -> {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    private NewThread() {}

    /** Runs it, and gives what it gives. */
    public static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, EXECUTOR);
    }

    /** Runs it. */
    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, EXECUTOR);
    }
}
