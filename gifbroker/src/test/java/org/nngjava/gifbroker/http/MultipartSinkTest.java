package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.workers.BlobStore;
import org.nngjava.workers.FileBlobStore;

class MultipartSinkTest {
    private static final String TYPE = "multipart/form-data; boundary=frontier";

    @TempDir
    Path directory;

    private BlobStore blobs;
    private byte[] file;
    private byte[] form;

    @BeforeEach
    void make() throws Exception {
        blobs = new FileBlobStore(directory);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("\r\n--frontie\r\n--front\r\n\r--frontier\r\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] noise = new byte[3000];
        new Random(7).nextBytes(noise);
        bytes.writeBytes(noise);
        bytes.writeBytes("\r\n--frontie".getBytes(StandardCharsets.US_ASCII));
        file = bytes.toByteArray();

        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        String head = String.join(
                "\r\n",
                "--frontier",
                "Content-Disposition: form-data; name=\"width\"",
                "",
                "320",
                "--frontier",
                "Content-Disposition: form-data; name=\"movie\"; filename=\"a; b.mp4\"",
                "",
                "");
        whole.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(file);
        whole.writeBytes("\r\n--frontier--\r\n".getBytes(StandardCharsets.US_ASCII));
        form = whole.toByteArray();
    }

    @Test
    void theFileIsTheSameHoweverTheBodyComesInPieces() throws Exception {
        Random random = new Random(42);
        for (int run = 0; run < 60; run++) {
            int most = run < 3 ? run + 1 : 1 + random.nextInt(300);
            MultipartSink sink = new MultipartSink(TYPE, blobs, 1_000_000);
            for (int i = 0; i < form.length; ) {
                int length = Math.min(form.length - i, run < 3 ? most : 1 + random.nextInt(most));
                sink.write(ByteBuffer.wrap(form, i, length));
                i += length;
            }

            Movie movie = sink.finish();

            assertThat(movie.fields()).isEqualTo(Map.of("width", "320"));
            try (InputStream stored = blobs.open(movie.blob().id())) {
                assertThat(stored.readAllBytes()).isEqualTo(file);
            }
        }
    }

    @Test
    void aFileOverTheLimitLeavesNothing() throws Exception {
        MultipartSink sink = new MultipartSink(TYPE, blobs, file.length - 1);

        assertThatThrownBy(() -> sink.write(ByteBuffer.wrap(form)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(413));
        sink.abort();

        assertThat(blobs.ids()).isEmpty();
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(path -> path.toString().endsWith("part"))).isEmpty();
        }
    }

    @Test
    void aTypeWithoutABoundaryIsRefused() {
        assertThatThrownBy(() -> new MultipartSink("multipart/form-data", blobs, 1000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("bad-multipart"));
    }
}
