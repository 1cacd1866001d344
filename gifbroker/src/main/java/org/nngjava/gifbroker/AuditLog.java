package org.nngjava.gifbroker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A line of JSON for each end of a job, appended to a file and forced to the disk: who made what of what, when, how long it took, whether it was
 * well, and who was told. Safe for any thread.
 */
public final class AuditLog implements AutoCloseable {
    /** So much of an older file is read: more than the jobs that a queue remembers. */
    private static final long TAIL = 16L << 20;

    /** More than a queue remembers. */
    private static final int MOST_WRITTEN = 50_000;

    private final Path path;
    private final FileChannel file;
    /** The ends that have their line, of those that a queue may still remember. */
    private final Set<String> written = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_WRITTEN;
        }
    });

    private boolean read;

    private AuditLog(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens it. Which ends it tells of is read when it is used first: a start need not wait for that.
     *
     * @param path made if it is missing
     */
    static AuditLog open(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (!Files.isReadable(path)) {
            file.close();
            throw new AccessDeniedException(path.toString());
        }
        return new AuditLog(path, file);
    }

    /**
     * Whether the end of a job has its line.
     *
     * @throws IOException if the file cannot be read
     */
    public synchronized boolean tellsOf(Job job) throws IOException {
        readOnce();
        return written.contains(end(job.id(), job.attempt()));
    }

    /**
     * Writes the line of a job that has ended. It is on the disk when this returns.
     *
     * @param poster whether the GIF has one
     */
    public synchronized void write(Job job, boolean poster) throws IOException {
        readOnce();
        Blob result = job.result();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("job", job.id());
        line.put("attempt", job.attempt());
        line.put("state", job.state().name().toLowerCase(Locale.ROOT));
        line.put("error", job.error() == null ? null : job.error().code());
        line.put("worker", job.worker());
        line.put("createdAt", job.createdAt().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("runTimeMs", job.startedAt() == null ? null : job.runTime().toMillis());
        line.put("type", result == null ? null : result.contentType());
        line.put("bytes", result == null ? null : result.size());
        line.put("sha256", result == null ? null : result.sha256());
        line.put("poster", poster);
        line.put("told", job.options().get(GifJobHandler.CALLBACK));
        ByteBuffer bytes = ByteBuffer.wrap((Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
        written.add(end(job.id(), job.attempt()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static String end(String id, int attempt) {
        return id + ":" + attempt;
    }

    private void readOnce() throws IOException {
        if (read) {
            return;
        }
        String tail = tail(path);
        tail.lines().forEach(line -> read(line, written));
        if (!tail.isEmpty() && !tail.endsWith("\n")) {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        read = true;
    }

    private static String tail(Path path) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, in.length() - TAIL);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** A line that a crash cut off, or that somebody else wrote, tells of nothing. */
    private static void read(String line, Set<String> written) {
        try {
            JsonNode entry = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            if (entry.hasNonNull("job") && entry.hasNonNull("attempt")) {
                written.add(
                        end(entry.get("job").asString(), entry.get("attempt").asInt()));
            }
        } catch (JacksonException e) {
            // Nothing.
        }
    }
}
