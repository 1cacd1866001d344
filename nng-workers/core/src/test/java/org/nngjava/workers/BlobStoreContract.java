package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** What every blob store does. */
abstract class BlobStoreContract {
    abstract BlobStore store();

    @Test
    void whatIsCommittedCanBeRead() throws IOException {
        Blob blob = write("hello, blob");
        try (InputStream in = store().open(blob.id())) {
            assertThat(in.readAllBytes()).isEqualTo("hello, blob".getBytes(UTF_8));
        }
        assertThat(blob.size()).isEqualTo(11);
        assertThat(blob.contentType()).isEqualTo("text/plain");
        assertThat(store().size(blob.id())).isEqualTo(11);
        assertThat(store().ids()).containsExactly(blob.id());
    }

    @Test
    void theDigestIsThatOfTheBytes() throws IOException {
        assertThat(write("abc").sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void partsCanBeRead() throws IOException {
        Blob blob = write("0123456789");
        ByteBuffer target = ByteBuffer.allocate(4);
        assertThat(store().read(blob.id(), 3, target)).isEqualTo(4);
        assertThat(new String(target.array(), UTF_8)).isEqualTo("3456");
        target.clear();
        assertThat(store().read(blob.id(), 8, target)).isEqualTo(2);
        target.clear();
        assertThat(store().read(blob.id(), 10, target)).isZero();
        assertThat(store().read(blob.id(), 1_000_000_000_000L, target)).isZero();
    }

    @Test
    void whatIsNotCommittedIsNotThere() throws IOException {
        try (BlobWriter writer = store().create()) {
            writer.write("lost".getBytes(UTF_8));
            assertThat(store().ids()).isEmpty();
        }
        assertThat(store().ids()).isEmpty();
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        Blob blob = write("");
        assertThat(store().size(blob.id())).isZero();
        assertThat(store().read(blob.id(), 0, ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void whatIsDeletedIsGone() throws IOException {
        Blob blob = write("x");
        assertThat(store().delete(blob.id())).isTrue();
        assertThat(store().delete(blob.id())).isFalse();
        assertThat(store().ids()).isEmpty();
        assertThatThrownBy(() -> store().open(blob.id())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store().size(blob.id())).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store().read(blob.id(), 0, ByteBuffer.allocate(1)))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aReaderMayFinishAfterTheDeletion() throws IOException {
        Blob blob = write("still here");
        try (InputStream in = store().open(blob.id())) {
            store().delete(blob.id());
            assertThat(in.readAllBytes()).hasSize(10);
        }
    }

    @Test
    void idsThatNobodyGaveAreUnknown() throws IOException {
        for (String id : new String[] {"", "no such blob", "../lock", "/etc/passwd", "ab/../../lock"}) {
            assertThatThrownBy(() -> store().open(id)).isInstanceOf(NoSuchFileException.class);
            assertThat(store().delete(id)).isFalse();
        }
    }

    private Blob write(String text) throws IOException {
        try (BlobWriter writer = store().create()) {
            writer.write(text.getBytes(UTF_8));
            return writer.commit("text/plain");
        }
    }
}
