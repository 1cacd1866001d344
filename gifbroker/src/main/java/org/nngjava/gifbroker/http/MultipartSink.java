package org.nngjava.gifbroker.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.nngjava.workers.BlobStore;

/** Finds the movie in a {@code multipart/form-data} body (RFC 7578) as it comes: the first part that has a file name. */
final class MultipartSink implements RequestBody.Sink<Movie> {
    private static final int MAX_PARTS = 32;
    private static final int MAX_PART_HEADERS = 8 * 1024;
    private static final int MAX_FIELD = 1024;

    /** What boundaries, headers and fields may add to a movie. */
    static final int MAX_OVERHEAD = MAX_PARTS * (MAX_PART_HEADERS + MAX_FIELD);

    private final BlobStore blobs;
    private final long limit;
    private final MultiPart.Parser parser;
    private final Parts parts = new Parts();
    private long received;

    /**
     * @param contentType of the request, with its boundary
     * @param limit bytes that a movie may have
     * @throws ProblemException 400 if there is no boundary
     */
    MultipartSink(String contentType, BlobStore blobs, long limit) {
        this.blobs = blobs;
        this.limit = limit;
        parser = new MultiPart.Parser(boundary(contentType), parts);
        parser.setMaxParts(MAX_PARTS);
        parser.setPartHeadersMaxLength(MAX_PART_HEADERS);
    }

    private static String boundary(String contentType) {
        String boundary;
        try {
            boundary = MultiPart.extractBoundary(contentType);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_MULTIPART, "The Content-Type cannot be read: " + e.getMessage());
        }
        if (boundary == null) {
            throw new ProblemException(ProblemType.BAD_MULTIPART, "The Content-Type names no boundary");
        }
        return boundary;
    }

    @Override
    public void write(ByteBuffer bytes) {
        received += bytes.remaining();
        if (received > limit + MAX_OVERHEAD) {
            throw MovieSink.tooLarge(limit);
        }
        parser.parse(Content.Chunk.from(bytes, false));
        parts.throwFailure();
    }

    @Override
    public Movie finish() {
        parser.parse(Content.Chunk.EOF);
        parts.throwFailure();
        if (!parts.complete) {
            throw new ProblemException(ProblemType.BAD_MULTIPART, "The multipart body ends before its last boundary");
        }
        if (parts.movie == null) {
            throw new ProblemException(
                    ProblemType.EMPTY_BODY,
                    "No part of the form is a file; send the movie as one, as in curl -F movie=@movie.mp4");
        }
        return new Movie(parts.movie.finish().blob(), Map.copyOf(parts.fields));
    }

    @Override
    public void abort() {
        if (parts.movie != null) {
            parts.movie.abort();
        }
    }

    /** What the parser tells. It swallows exceptions, so they are kept. */
    private final class Parts implements MultiPart.Parser.Listener {
        private final Map<String, String> fields = new HashMap<>();
        private final ByteArrayOutputStream field = new ByteArrayOutputStream();
        private final Map<String, String> disposition = new HashMap<>();
        private boolean inMovie;
        private MovieSink movie;
        private boolean complete;
        private RuntimeException failure;

        @Override
        public void onPartBegin() {
            disposition.clear();
            inMovie = false;
            field.reset();
        }

        @Override
        public void onPartHeader(String header, String value) {
            if (header.equalsIgnoreCase("Content-Disposition")) {
                HttpField.getValueParameters(value, disposition);
            }
        }

        @Override
        public void onPartHeaders() {
            if (disposition.containsKey("filename") || disposition.containsKey("filename*")) {
                keep(this::beginMovie);
            }
        }

        private void beginMovie() {
            if (movie != null) {
                throw new ProblemException(
                        ProblemType.BAD_MULTIPART, "The form has two files; send one movie at a time");
            }
            movie = new MovieSink(blobs, limit);
            inMovie = true;
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            ByteBuffer bytes = chunk.getByteBuffer();
            if (inMovie) {
                keep(() -> movie.write(bytes));
            } else if (field.size() + bytes.remaining() <= MAX_FIELD) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                field.writeBytes(copy);
            } else {
                keep(() -> {
                    throw new ProblemException(
                            ProblemType.BAD_MULTIPART, "A part that is no file may have " + MAX_FIELD + " bytes");
                });
            }
        }

        @Override
        public void onPartEnd() {
            String name = disposition.get("name");
            if (!inMovie && name != null) {
                fields.putIfAbsent(name, field.toString(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void onComplete() {
            complete = true;
        }

        @Override
        public void onFailure(Throwable cause) {
            keep(() -> {
                throw new ProblemException(
                        ProblemType.BAD_MULTIPART, "The multipart body cannot be read: " + cause.getMessage());
            });
        }

        private void keep(Runnable step) {
            try {
                if (failure == null) {
                    step.run();
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        private void throwFailure() {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
