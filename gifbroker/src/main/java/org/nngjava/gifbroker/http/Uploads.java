package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.BlobWriter;
import org.nngjava.workers.Job;

/**
 * Movies that come in pieces, over as many connections and starts of the server as it takes. Each is two files of a directory: what is known
 * of it, and the bytes that came, whose number is the offset. When all have come a job is made of them. Safe for any thread, but a piece
 * is written by whoever has {@linkplain #claim claimed} its upload.
 */
final class Uploads implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Uploads.class.getName());
    private static final String FACTS = ".json";
    private static final String PART = ".part";
    private static final String NEW = ".new";
    private static final int ID_BYTES = 16;

    private final Path directory;
    private final Duration expiry;
    private final BlobStore blobs;
    private final Conversion conversion;
    private final Map<String, Upload> known = new ConcurrentHashMap<>();
    private final Set<String> claimed = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();

    /** Copies movies and removes what expired, so that those who carry HTTP need not. */
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "http-uploads");
        made.setDaemon(true);
        return made;
    });

    /**
     * What is known of an upload.
     *
     * @param length bytes that the movie has
     * @param options for its GIF
     * @param metadata as the client gave it, or null
     * @param job what was made of it, or null
     */
    record Upload(String id, long length, Map<String, String> options, String metadata, String job) {}

    /** Has a movie converted. */
    @FunctionalInterface
    interface Conversion {
        /**
         * Submits a job.
         *
         * @param key under which it is submitted once
         */
        CompletableFuture<Job> begin(Blob movie, Map<String, String> options, String key);
    }

    /**
     * @param directory made if it is missing
     * @param expiry how long an upload may lie without a piece
     */
    Uploads(Path directory, Duration expiry, BlobStore blobs, Conversion conversion) {
        this.directory = directory;
        this.expiry = expiry;
        this.blobs = blobs;
        this.conversion = conversion;
    }

    /** Goes on with what an earlier start has left. */
    void open() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(FACTS)) {
                    Upload upload = Json.read(Files.readAllBytes(file), Upload.class);
                    known.put(upload.id(), upload);
                }
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean orphan = !known.containsKey(name.replaceFirst("\\..*", ""));
                if (orphan || name.endsWith(NEW)) {
                    Files.delete(file);
                }
            }
        }
        removeExpired();
        for (Upload upload : known.values()) {
            if (upload.job() == null && offset(upload) == upload.length() && claim(upload.id())) {
                finish(upload)
                        .whenComplete((job, failure) -> release(upload.id()))
                        .exceptionally(failure -> {
                            LOG.log(Level.WARNING, "Upload " + upload.id() + " is whole and was not accepted", failure);
                            return upload;
                        });
            }
        }
        long period = Math.max(1, Math.min(60_000, expiry.toMillis() / 4));
        thread.scheduleWithFixedDelay(this::removeExpired, period, period, TimeUnit.MILLISECONDS);
    }

    /** Begins an upload. */
    Upload create(long length, Map<String, String> options, String metadata) throws IOException {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        Upload upload = new Upload(HexFormat.of().formatHex(bytes), length, options, metadata, null);
        Files.createFile(part(upload.id()));
        save(upload);
        return upload;
    }

    Optional<Upload> find(String id) {
        return Optional.ofNullable(known.get(id));
    }

    /** How many are not whole yet. */
    int unfinished() {
        return (int)
                known.values().stream().filter(upload -> upload.job() == null).count();
    }

    /** How many bytes have come. */
    long offset(Upload upload) throws IOException {
        return upload.job() == null ? Files.size(part(upload.id())) : upload.length();
    }

    /** Until when the next piece has to come, or how long it is remembered what became of it. */
    Instant expires(Upload upload) throws IOException {
        Path touched = upload.job() == null ? part(upload.id()) : facts(upload.id());
        return Files.getLastModifiedTime(touched).toInstant().plus(expiry);
    }

    /** Makes the caller the only one who may change an upload; false if another one is at it. */
    boolean claim(String id) {
        return claimed.add(id);
    }

    void release(String id) {
        claimed.remove(id);
    }

    /** Where the next piece goes. The caller has claimed the upload. */
    UploadSink sink(Upload upload) throws IOException {
        return new UploadSink(part(upload.id()), upload.length());
    }

    /**
     * Makes a job of an upload that is whole, once there is room for it. The caller has claimed the upload, and keeps it until then.
     *
     * @return the upload with its job
     */
    CompletableFuture<Upload> finish(Upload upload) {
        return CompletableFuture.supplyAsync(() -> copy(upload), thread)
                .thenCompose(movie -> conversion.begin(movie, upload.options(), "upload:" + upload.id()))
                .thenApplyAsync(job -> finished(upload, job), thread);
    }

    /** Forgets an upload. The job that was made of it stays. The caller has claimed the upload. */
    void delete(String id) throws IOException {
        Files.deleteIfExists(facts(id));
        Files.deleteIfExists(part(id));
        known.remove(id);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private Blob copy(Upload upload) {
        try (InputStream movie = Files.newInputStream(part(upload.id()));
                BlobWriter writer = blobs.create()) {
            movie.transferTo(writer);
            return writer.commit(null);
        } catch (IOException e) {
            throw MovieSink.notStored(e);
        }
    }

    private Upload finished(Upload upload, Job job) {
        try {
            Upload whole = new Upload(upload.id(), upload.length(), upload.options(), upload.metadata(), job.id());
            save(whole);
            Files.delete(part(upload.id()));
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void save(Upload upload) throws IOException {
        Path written = directory.resolve(upload.id() + NEW);
        Files.write(
                written,
                Json.bytes(upload),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(written, facts(upload.id()), StandardCopyOption.ATOMIC_MOVE);
        known.put(upload.id(), upload);
    }

    private void removeExpired() {
        for (String id : Set.copyOf(known.keySet())) {
            if (!claim(id)) {
                continue;
            }
            try {
                Upload upload = known.get(id);
                if (upload != null && expires(upload).isBefore(Instant.now())) {
                    delete(id);
                }
            } catch (NoSuchFileException e) {
                known.remove(id);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "An upload that expired could not be removed", e);
            } finally {
                release(id);
            }
        }
    }

    private Path facts(String id) {
        return directory.resolve(id + FACTS);
    }

    private Path part(String id) {
        return directory.resolve(id + PART);
    }
}
