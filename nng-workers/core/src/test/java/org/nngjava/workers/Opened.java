package org.nngjava.workers;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has opened: closed at its end, the last one first. */
final class Opened {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T closeable) {
        all.push(closeable);
        return closeable;
    }

    JobQueue queue(JobQueue.Builder builder) {
        return add(builder.open());
    }

    Worker worker(Worker.Builder builder) {
        return add(builder.start());
    }

    public void close() throws Exception {
        for (AutoCloseable closeable : all) {
            closeable.close();
        }
    }
}
