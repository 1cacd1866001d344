package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nngjava.workers.Blob;
import org.nngjava.workers.FlakyBlobStore;

class UploadTest {
    private final FlakyBlobStore blobs = new FlakyBlobStore();
    private final Upload upload = new Upload(blobs, "u1");

    @Test
    void aResultIsTakenOnceAndStaysWhenItsUploadEnds() throws Exception {
        assertThat(upload.take()).isNull();
        upload.store(part(0, true), Stage.bytes("result"));
        Blob blob = upload.take();
        assertThat(upload.take()).isNull();
        upload.end();
        assertThat(blobs.ids()).containsExactly(blob.id());
    }

    @Test
    void aResultThatNobodyTookGoesWhenItsUploadEnds() throws Exception {
        upload.store(part(0, true), Stage.bytes("result"));
        upload.end();
        assertThat(blobs.ids()).isEmpty();
    }

    @Test
    void nothingIsStoredAfterAPartThatFailed() throws Exception {
        blobs.failOnce();
        assertThatThrownBy(() -> upload.store(part(0, false), Stage.bytes("result")))
                .hasMessage("No space left on device");
        assertThatThrownBy(() -> upload.store(part(0, false), Stage.bytes("result")))
                .hasMessage("an earlier part could not be stored")
                .hasRootCauseMessage("No space left on device");
        assertThatThrownBy(() -> upload.store(part(6, true), Stage.bytes("")))
                .hasMessage("an earlier part could not be stored");
        assertThat(upload.take()).isNull();
        assertThat(blobs.ids()).isEmpty();
    }

    private static Request.Put part(long offset, boolean last) {
        return new Request.Put("token", "u1", offset, last, null);
    }
}
