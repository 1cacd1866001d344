package org.nngjava.conformance;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The messages that the program behind an endpoint was given, in order. One thread adds them, another looks. */
public final class Received {
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private volatile int longest;

    /** Adds a message; it is not copied. */
    public void add(byte[] message) {
        longest = Math.max(longest, message.length);
        messages.add(message);
    }

    /** The length of the longest message so far, in bytes. */
    int longest() {
        return longest;
    }

    /** Waits for the next message that is one of those looked for. All before it are gone. */
    Optional<byte[]> next(Predicate<byte[]> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                byte[] message = messages.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (message == null) {
                    return Optional.empty();
                }
                if (wanted.test(message)) {
                    return Optional.of(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
