package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BlobWriterTest {
    @Test
    void aBlobOfWhichSomeBytesCouldNotBeWrittenIsNeverCommitted() throws Exception {
        FlakyBlobStore blobs = new FlakyBlobStore();
        try (BlobWriter writer = blobs.create()) {
            writer.write("some ".getBytes(UTF_8));
            blobs.failOnce();
            assertThatThrownBy(() -> writer.write("more ".getBytes(UTF_8))).hasMessage("No space left on device");
            assertThatThrownBy(() -> writer.write("and more".getBytes(UTF_8))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> writer.commit(null)).isInstanceOf(IOException.class);
        }
        assertThat(blobs.ids()).isEmpty();
    }
}
