package org.nngjava.gifbroker.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Writes one body as the client takes it, so that a slow client costs no thread. For asynchronous requests. */
final class BodyWriter implements WriteListener {
    private static final int BUFFER = 64 * 1024;

    private final InputStream body;
    private final ServletOutputStream out;
    private final Executor executor;
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private boolean ended;

    /**
     * @param body closed in the end
     * @param executor where the future completes
     */
    BodyWriter(InputStream body, ServletOutputStream out, Executor executor) {
        this.body = body;
        this.out = out;
        this.executor = executor;
    }

    /** Begins to write. The future completes when all is handed to the connection, and fails if the client is gone. */
    CompletableFuture<Void> write() {
        out.setWriteListener(this);
        return written;
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (ended) {
                finish(null);
                return;
            }
            // A new one each time: what was written may be referred to until the next time that the stream is ready.
            byte[] buffer = body.readNBytes(BUFFER);
            ended = buffer.length < BUFFER;
            if (buffer.length > 0) {
                out.write(buffer);
            } else {
                out.flush();
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        finish(failure);
    }

    private void finish(Throwable failure) {
        executor.execute(() -> {
            try {
                body.close();
            } catch (IOException e) {
                written.completeExceptionally(e);
            }
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(new ConnectionFailure(failure));
            }
        });
    }
}
