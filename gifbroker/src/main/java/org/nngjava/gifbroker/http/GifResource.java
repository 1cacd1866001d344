package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.nngjava.gifbroker.media.OutputFormat;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.Job;

/** Answers with a finished GIF: the whole, a range of it (RFC 9110), or that the client's copy is still good. */
final class GifResource {
    private static final int LONGEST_NAME = 200;

    private final BlobStore blobs;
    private final Executor executor;

    /**
     * @param executor where the futures complete
     */
    GifResource(BlobStore blobs, Executor executor) {
        this.blobs = blobs;
        this.executor = executor;
    }

    /**
     * Sends a job's GIF to a client that asks for it by GET or HEAD, or waited for it. For asynchronous requests.
     *
     * @param job with a result
     * @throws ProblemException if the range lies outside, or the GIF is gone
     */
    CompletableFuture<Void> send(Context ctx, Job job) {
        Blob gif = job.result();
        String tag = '"' + gif.sha256() + '"';
        ctx.header("ETag", tag);
        ctx.header("Cache-Control", "private, no-cache");
        if (holdsAlready(ctx.header("If-None-Match"), tag)) {
            ctx.status(304);
            return CompletableFuture.completedFuture(null);
        }
        String ifRange = ctx.header("If-Range");
        boolean rangeCounts = isReading(ctx) && (ifRange == null || ifRange.equals(tag));
        Optional<ByteRange> range = rangeCounts ? ByteRange.parse(ctx.header("Range"), gif.size()) : Optional.empty();
        ByteRange sent = range.orElse(new ByteRange(0, gif.size() - 1));
        if (range.isPresent()) {
            ctx.status(206);
            ctx.header("Content-Range", "bytes " + sent.first() + "-" + sent.last() + "/" + gif.size());
        }
        ctx.header("Accept-Ranges", "bytes");
        OutputFormat format = OutputFormat.ofMediaType(gif.contentType());
        ctx.header("Content-Disposition", disposition(ctx.queryParam("filename"), job.id() + "." + format.extension()));
        ctx.contentType(format.mediaType());
        ctx.res().setContentLengthLong(sent.length());
        if (ctx.req().getMethod().equals("HEAD")) {
            return CompletableFuture.completedFuture(null);
        }
        return Answers.send(ctx, open(gif, sent), executor);
    }

    /** RFC 6266. In letters that every browser takes, and as it is. */
    private static String disposition(String asked, String usual) {
        if (asked == null || asked.isBlank()) {
            return "inline; filename=\"" + usual + "\"";
        }
        String name = asked.substring(0, Math.min(asked.length(), LONGEST_NAME)).replaceAll("[\\p{Cntrl}/\\\\\"]", "_");
        String exact = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return "inline; filename=\"" + name.replaceAll("[^ -~]", "_") + "\"; filename*=UTF-8''" + exact;
    }

    private InputStream open(Blob gif, ByteRange range) {
        try {
            InputStream stream = blobs.open(gif.id());
            stream.skipNBytes(range.first());
            return new Part(stream, range.length());
        } catch (NoSuchFileException e) {
            throw new ProblemException(ProblemType.GONE, "The GIF was removed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReading(Context ctx) {
        String method = ctx.req().getMethod();
        return method.equals("GET") || method.equals("HEAD");
    }

    static boolean holdsAlready(String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(String::strip)
                        .map(known -> known.startsWith("W/") ? known.substring(2) : known)
                        .anyMatch(known -> known.equals("*") || known.equals(tag));
    }

    /** The beginning of a stream. */
    private static final class Part extends FilterInputStream {
        private long left;

        Part(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            int value = left > 0 ? super.read() : -1;
            left -= value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
