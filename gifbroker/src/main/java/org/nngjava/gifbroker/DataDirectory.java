package org.nngjava.gifbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.nngjava.gifbroker.media.WorkDirectories;
import org.nngjava.gifbroker.media.WorkDirectories.WorkDirectory;

/**
 * Where an application keeps movies and GIFs: a directory that the user named, or one among the temporary files that is removed at
 * the end, if the process is killed by the next that starts.
 */
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final WorkDirectory temporary;

    private DataDirectory(Path path, WorkDirectory temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * Opens a directory.
     *
     * @param named by the user; made if it is missing
     */
    public static DataDirectory open(Optional<Path> named) throws IOException {
        if (named.isPresent()) {
            return new DataDirectory(Files.createDirectories(named.get().toAbsolutePath()), null);
        }
        WorkDirectory temporary = WorkDirectories.open(temporaryRoot().resolve("data"));
        return new DataDirectory(temporary.path(), temporary);
    }

    /**
     * This user's own place among the temporary files.
     *
     * @throws IOException if someone else made it first
     */
    static Path temporaryRoot() throws IOException {
        String user = System.getProperty("user.name");
        Path root = Path.of(System.getProperty("java.io.tmpdir")).resolve("gifbroker-" + user);
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)
                && (Files.isSymbolicLink(root)
                        || !Files.getOwner(root, LinkOption.NOFOLLOW_LINKS)
                                .getName()
                                .equals(user))) {
            throw new IOException(root + " belongs to someone else; name a directory with --data or --work");
        }
        return root;
    }

    /** Where it is, absolute. */
    public Path path() {
        return path;
    }

    /** For the blob store alone. */
    Path blobs() {
        return path.resolve("blobs");
    }

    /** For movies that have not come whole. */
    Path uploads() {
        return path.resolve("uploads");
    }

    /** For the first pictures of GIFs. */
    Path posters() {
        return path.resolve("posters");
    }

    /** For a line about each job that has ended. */
    Path audit() {
        return path.resolve("audit.log");
    }

    /** For the database of jobs. */
    Path jobs() {
        return path.resolve("jobs.db");
    }

    /**
     * Has the database's native library unpacked here and not among the system's temporary files, and removes what a killed process left
     * of that. Only for whoever has this directory's blob store open.
     */
    void unpackLibrariesThere() throws IOException {
        Path libraries = Files.createDirectories(path.resolve("native"));
        try (Stream<Path> leftovers = Files.list(libraries)) {
            for (Path leftover : leftovers.toList()) {
                Files.delete(leftover);
            }
        }
        System.setProperty("org.sqlite.tmpdir", libraries.toString());
    }

    /** For the work directories of the workers in this process. */
    Path work() {
        return path.resolve("work");
    }

    /** Removes it if it is temporary. Idempotent. */
    @Override
    public void close() throws IOException {
        if (temporary != null) {
            temporary.close();
        }
    }
}
