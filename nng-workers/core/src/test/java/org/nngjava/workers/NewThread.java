package org.nngjava.workers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs what blocks in a thread of its own. The common pool has one thread where there are two processors (as of JDK 25 at any rate), and tests run
 * beside each other.
 */
final class NewThread {
    private static final Executor EXECUTOR = task -> {
        Thread thread = new Thread(task, "test");
        thread.setDaemon(true);
        thread.start();
    };

    private NewThread() {}

    static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, EXECUTOR);
    }

    static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, EXECUTOR);
    }
}
