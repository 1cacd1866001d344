package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Exclusive use of a directory, among the threads of this JVM and among processes, for as long as it takes to look around and
 * make something. A killed process holds nothing.
 */
final class DirectoryLock {
    /** File locks belong to a process: two threads with one each would share it, and the first to close would free it. */
    private static final ReentrantLock THIS_JVM = new ReentrantLock();

    private DirectoryLock() {}

    /** Does something while nobody else does so. The directory exists, and keeps a file {@code .lock}. */
    static <T> T whileHeld(Path directory, Action<T> action) throws IOException {
        THIS_JVM.lock();
        try (FileChannel channel =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Freed when the channel closes.
            channel.lock();
            return action.run();
        } finally {
            THIS_JVM.unlock();
        }
    }

    /** What is done under the lock. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }
}
