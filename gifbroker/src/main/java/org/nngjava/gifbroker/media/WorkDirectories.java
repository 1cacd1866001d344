package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The directories that workers work in, below one root: each worker has its own and holds a lock on it, which the kernel frees
 * when its process ends, however it ends. Whoever starts removes the directories that nobody locks, and ends the processes that
 * still run in them. Starting and closing hold a lock on the root, so that no one takes a directory away from another that is
 * about to lock it. The root must be on a file system with working locks, and may be shared by any number of workers and
 * processes of one machine.
 */
public final class WorkDirectories {
    private static final System.Logger LOG = System.getLogger(WorkDirectories.class.getName());

    private static final String PREFIX = "worker-";
    private static final String LOCK = ".lock";

    /**
     * Marks the directories of this JVM. They must not be probed for their lock: closing any channel of a file frees all locks
     * that the process has on it.
     */
    private static final String THIS_JVM = PREFIX + UUID.randomUUID().toString().replace("-", "") + "-";

    private static final String PATTERN = PREFIX + "[0-9a-f]{32}-.+";

    private WorkDirectories() {}

    /**
     * Removes the directories that dead workers left below this root, and makes one for a new worker.
     *
     * @param root made if it does not exist, with access for its owner only
     * @throws IOException if that cannot be done; a dead worker's directory that cannot be removed is only logged
     */
    public static WorkDirectory open(Path root) throws IOException {
        Path base = root.toAbsolutePath();
        if (!Files.isDirectory(base)) {
            if (base.getParent() != null) {
                Files.createDirectories(base.getParent());
            }
            makePrivate(base);
        }
        return DirectoryLock.whileHeld(base, () -> {
            removeAbandoned(base);
            Path directory = base.resolve(THIS_JVM + UUID.randomUUID());
            makePrivate(directory);
            return new WorkDirectory(base, directory, lock(directory));
        });
    }

    private static void makePrivate(Path directory) throws IOException {
        // Two may do this at once: the second finds it made.
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void removeAbandoned(Path root) throws IOException {
        try (DirectoryStream<Path> workers = Files.newDirectoryStream(root, PREFIX + "*")) {
            for (Path worker : workers) {
                String name = worker.getFileName().toString();
                if (name.matches(PATTERN) && !name.startsWith(THIS_JVM)) {
                    try {
                        removeIfAbandoned(worker);
                    } catch (IOException e) {
                        LOG.log(Level.WARNING, "The work directory " + worker + " of a dead worker stays", e);
                    }
                }
            }
        }
    }

    private static void removeIfAbandoned(Path worker) throws IOException {
        try (FileChannel channel = FileChannel.open(worker.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
        } catch (NoSuchFileException e) {
            // It was killed before it could lock, or while it closed.
        }
        endProcessesIn(worker);
        ScratchDirectory.deleteTree(worker);
        LOG.log(Level.INFO, "Removed {0}, left by a worker that was killed", worker);
    }

    private static void endProcessesIn(Path worker) throws IOException {
        String directory = worker.toRealPath() + "/";
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> currentDirectory(process).startsWith(directory))
                .toList();
        for (ProcessHandle process : left) {
            LOG.log(
                    Level.WARNING,
                    "Ending process {0}, left by a worker that was killed",
                    Long.toString(process.pid()));
            process.destroyForcibly();
        }
        Deadline deadline = Deadline.after(Duration.ofSeconds(2));
        for (ProcessHandle process : left) {
            try {
                process.onExit().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                LOG.log(Level.WARNING, "Process {0} does not end", Long.toString(process.pid()));
            }
        }
    }

    /** Empty for a process that is not ours to look at. */
    private static String currentDirectory(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")) + "/";
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** One worker's directory, locked until it is closed or the process ends. Safe for many threads. */
    public static final class WorkDirectory implements AutoCloseable {
        private final Path root;
        private final Path path;
        private final FileChannel lock;

        private WorkDirectory(Path root, Path path, FileChannel lock) {
            this.root = root;
            this.path = path;
            this.lock = lock;
        }

        /** Where it is, absolute. */
        public Path path() {
            return path;
        }

        /** Makes a directory for one job; the caller closes it whatever becomes of the job. */
        public ScratchDirectory newJob() throws IOException {
            return ScratchDirectory.in(path);
        }

        /** Removes it with all that is in it. Idempotent. */
        @Override
        public void close() throws IOException {
            if (!lock.isOpen()) {
                return;
            }
            try {
                DirectoryLock.whileHeld(root, () -> {
                    ScratchDirectory.deleteTree(path);
                    return path;
                });
            } finally {
                lock.close();
            }
        }
    }
}
