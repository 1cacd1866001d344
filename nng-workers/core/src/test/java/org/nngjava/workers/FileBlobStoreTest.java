package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path directory;

    private FileBlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new FileBlobStore(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Test
    void blobsOutliveTheStore() throws IOException {
        Blob blob;
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[100]);
            blob = writer.commit(null);
        }
        store.close();
        store = new FileBlobStore(directory);
        assertThat(store.size(blob.id())).isEqualTo(100);
    }

    @Test
    void whatAnUnfinishedWriterLeftIsRemovedAtTheNextStart() throws IOException {
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[100]);
            store.close();
            assertThat(files()).hasSize(2);
            store = new FileBlobStore(directory);
            assertThat(files())
                    .extracting(path -> path.getFileName().toString())
                    .containsExactly("lock");
        }
    }

    @Test
    void aWriterThatIsClosedLeavesNothing() throws IOException {
        store.create().close();
        assertThat(files()).extracting(path -> path.getFileName().toString()).containsExactly("lock");
    }

    @Test
    void twoStoresDoNotShareADirectory() {
        assertThatThrownBy(() -> new FileBlobStore(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
