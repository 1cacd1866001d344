package org.nngjava.workers.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nngjava.Message;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;

/**
 * Moves payloads and results between workers and the blob store, a chunk at a time. Called by the broker's thread; the disk
 * is touched by threads of its own, which give their answers back to the broker's thread.
 */
final class Transfers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Transfers.class.getName());
    private static final int THREADS = 4;

    private final BlobStore blobs;
    private final EventLoop loop;
    private final Map<String, Upload> uploads = new HashMap<>();
    private final ExecutorService disk;
    /** What was read, as long as the broker's thread has not got to sending it. */
    private final Set<Message> unsent = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    Transfers(BlobStore blobs, EventLoop loop) {
        this.blobs = blobs;
        this.loop = loop;
        AtomicInteger count = new AtomicInteger();
        disk = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "nng-workers-disk-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Sends a part of a payload. */
    void get(Caller caller, Blob payload, Request.Get part) {
        disk.execute(() -> {
            try {
                Message message = read(payload, part);
                unsent.add(message);
                loop.execute(() -> send(caller, message));
                if (closed) {
                    dropUnsent();
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot read blob " + payload.id(), e);
                refuse(caller, Reply.Refused.STORAGE, "the payload cannot be read: " + e);
            }
        });
    }

    /** Stores a part of a result: what remains of the message's body. Takes over the message, if there is one. */
    void put(Caller caller, Request.Put part, Message message, ByteBuffer bytes) {
        Upload upload = uploads.get(part.token());
        if (upload == null || !upload.id().equals(part.upload())) {
            if (upload != null) {
                end(upload);
            }
            upload = new Upload(blobs, part.upload());
            uploads.put(part.token(), upload);
        }
        Upload target = upload;
        disk.execute(() -> {
            try (message) {
                Reply reply = target.store(part, bytes);
                loop.execute(() -> caller.answer(reply, null));
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot store a result", e);
                refuse(caller, Reply.Refused.STORAGE, "the result cannot be stored: " + e);
            }
        });
    }

    /** Takes over a result of which all parts are stored; null if there is none. */
    Blob take(String token, String uploadId) {
        Upload upload = uploads.get(token);
        return upload == null || !upload.id().equals(uploadId) ? null : upload.take();
    }

    /** Drops what was uploaded under a lease and not taken. */
    void leaseEnded(String token) {
        Upload upload = uploads.remove(token);
        if (upload != null) {
            end(upload);
        }
    }

    void discard(Blob blob) {
        disk.execute(() -> {
            try {
                blobs.delete(blob.id());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete blob " + blob.id(), e);
            }
        });
    }

    /** To be called when the broker's thread has ended. Waits for what the disk threads are at and drops what was not finished. */
    @Override
    public void close() {
        uploads.values().forEach(this::end);
        uploads.clear();
        disk.shutdown();
        try {
            if (!disk.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "the blob store is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed = true;
        dropUnsent();
    }

    private void send(Caller caller, Message message) {
        if (unsent.remove(message)) {
            caller.answer(message);
        }
    }

    private void dropUnsent() {
        for (Message message : List.copyOf(unsent)) {
            if (unsent.remove(message)) {
                message.close();
            }
        }
    }

    private Message read(Blob payload, Request.Get part) throws IOException {
        byte[] header = Ngw1.encode(new Reply.Chunk(part.offset()));
        int length = (int) Math.max(0, Math.min(part.length(), payload.size() - part.offset()));
        Message message = Message.allocate(header.length + length);
        try {
            ByteBuffer body = message.body().put(header);
            if (blobs.read(payload.id(), part.offset(), body) != length) {
                throw new IOException("blob " + payload.id() + " is shorter than " + payload.size() + " bytes");
            }
            return message;
        } catch (IOException | RuntimeException e) {
            message.close();
            throw e;
        }
    }

    private void refuse(Caller caller, String code, String message) {
        loop.execute(() -> caller.answer(new Reply.Refused(code, message), null));
    }

    private void end(Upload upload) {
        disk.execute(() -> {
            try {
                upload.end();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot drop an upload", e);
            }
        });
    }
}
