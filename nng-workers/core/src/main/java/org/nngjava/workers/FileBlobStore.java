package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Blobs as files of a directory. A blob is on disk before {@link BlobWriter#commit} returns: it is written under another
 * name, forced to the disk and then renamed, so that after a crash there is all of it or nothing.
 */
public final class FileBlobStore implements BlobStore {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final int ID_BYTES = 16;
    private static final int FAN_OUT = 2;

    private final Path blobs;
    private final Path unfinished;
    private final FileChannel lockFile;
    private final SecureRandom random = new SecureRandom();

    /**
     * Opens a directory as a store and removes what unfinished writers left there.
     *
     * @param directory made if it is missing; for this store alone
     * @throws IOException if it cannot be used, or another store has it open
     */
    public FileBlobStore(Path directory) throws IOException {
        blobs = Files.createDirectories(directory.resolve("blobs"));
        unfinished = Files.createDirectories(directory.resolve("unfinished"));
        lockFile = lock(directory.resolve("lock"));
        try (Stream<Path> leftovers = Files.list(unfinished)) {
            for (Path leftover : leftovers.toList()) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    @Override
    public BlobWriter create() throws IOException {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new Writer(HexFormat.of().formatHex(id));
    }

    @Override
    public InputStream open(String id) throws IOException {
        return Files.newInputStream(path(id));
    }

    @Override
    public int read(String id, long offset, ByteBuffer target) throws IOException {
        try (FileChannel file = FileChannel.open(path(id), StandardOpenOption.READ)) {
            int total = 0;
            while (target.hasRemaining()) {
                int count = file.read(target, offset + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }
    }

    @Override
    public long size(String id) throws IOException {
        return Files.size(path(id));
    }

    @Override
    public boolean delete(String id) throws IOException {
        return ID.matcher(id).matches() && Files.deleteIfExists(path(id));
    }

    @Override
    public List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (Stream<Path> files = Files.walk(blobs, 2)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> ID.matcher(name).matches())
                    .forEach(ids::add);
        }
        return ids;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            System.getLogger(FileBlobStore.class.getName()).log(System.Logger.Level.WARNING, "cannot unlock", e);
        }
    }

    private Path path(String id) throws NoSuchFileException {
        if (!ID.matcher(id).matches()) {
            throw new NoSuchFileException(id);
        }
        return blobs.resolve(id.substring(0, FAN_OUT)).resolve(id);
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // Locked within this process: the same answer.
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        throw new IOException("another blob store has " + path.getParent() + " open");
    }

    /** Makes a new name in a directory durable. */
    private static void force(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private final class Writer extends BlobWriter {
        private final String id;
        private final Path part;
        private final FileChannel file;

        private Writer(String id) throws IOException {
            this.id = id;
            part = unfinished.resolve(id);
            file = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        protected void append(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }

        @Override
        protected String finish() throws IOException {
            file.force(true);
            Path target = path(id);
            if (Files.notExists(target.getParent())) {
                Files.createDirectories(target.getParent());
                force(blobs);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            force(target.getParent());
            return id;
        }

        @Override
        public void close() throws IOException {
            file.close();
            Files.deleteIfExists(part);
        }
    }
}
