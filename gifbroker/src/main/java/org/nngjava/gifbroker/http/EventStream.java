package org.nngjava.gifbroker.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One client's stream of events, written as the client takes it and never by a thread that waits. What is to be told is
 * kept as a set of subjects, and each is looked up when its turn comes: a slow client gets fewer and newer events. A subject keeps the
 * number with which it came first: what waits behind it came with no lower one. Where too many wait, {@link #ALL} takes the place of all of
 * them, so that a client that takes nothing costs little more memory than a quick one.
 */
final class EventStream implements WriteListener {
    /** The subject that stands for all: the client is to look for itself. */
    static final String ALL = "";

    private static final int MOST_SUBJECTS = 1_000;

    private final ServletOutputStream out;
    private final Executor executor;
    private final byte[] silence;
    private final Frames frames;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Map<String, Long> subjects = new LinkedHashMap<>();
    private boolean heartbeat;
    private boolean unflushed;
    private boolean last;

    /** Says something. */
    @FunctionalInterface
    interface Frames {
        /**
         * What to say of a subject at the moment, if anything.
         *
         * @param number with which it came
         */
        Optional<String> of(String subject, long number);
    }

    /**
     * @param out of a request that is asynchronous
     * @param executor looks up and writes
     * @param silence what to write where there is nothing to say
     */
    EventStream(ServletOutputStream out, Executor executor, String silence, Frames frames) {
        this.out = out;
        this.executor = executor;
        this.silence = silence.getBytes(StandardCharsets.UTF_8);
        this.frames = frames;
    }

    /** Begins to write. */
    void open() {
        out.setWriteListener(this);
    }

    /** Something changed about a subject. Numbers never fall. Returns at once. */
    void tell(String subject, long number) {
        synchronized (this) {
            if (last || subjects.putIfAbsent(subject, number) != null) {
                return;
            }
            if (subjects.size() > MOST_SUBJECTS) {
                subjects.clear();
                subjects.put(ALL, number);
            }
        }
        executor.execute(this::pump);
    }

    /** Shows the client, and finds out, that the connection is still there. */
    void beat() {
        synchronized (this) {
            heartbeat = true;
        }
        executor.execute(this::pump);
    }

    /** Ends the stream when all that was told is written. */
    void endAfterwards() {
        synchronized (this) {
            last = true;
        }
        executor.execute(this::pump);
    }

    /** Completes when the stream is over, whoever ended it. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onWritePossible() {
        pump();
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    private synchronized void pump() {
        try {
            while (!ended.isDone() && out.isReady()) {
                if (!writeNext()) {
                    return;
                }
            }
        } catch (IOException | IllegalStateException e) {
            end();
        }
    }

    private boolean writeNext() throws IOException {
        Iterator<Map.Entry<String, Long>> waiting = subjects.entrySet().iterator();
        if (waiting.hasNext()) {
            Map.Entry<String, Long> next = waiting.next();
            String subject = next.getKey();
            long number = next.getValue();
            waiting.remove();
            Optional<String> frame = frames.of(subject, number);
            if (frame.isPresent()) {
                out.write(frame.get().getBytes(StandardCharsets.UTF_8));
                unflushed = true;
            }
        } else if (heartbeat) {
            heartbeat = false;
            out.write(silence);
            unflushed = true;
        } else if (unflushed) {
            unflushed = false;
            out.flush();
        } else {
            if (last) {
                end();
            }
            return false;
        }
        return true;
    }

    private void end() {
        synchronized (this) {
            last = true;
            subjects.clear();
        }
        executor.execute(() -> ended.complete(null));
    }
}
