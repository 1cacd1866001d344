package org.nngjava.gifbroker.media;

import java.nio.charset.StandardCharsets;

/** The beginning and the end of what a process writes, however much it is. Thread-safe. */
final class Excerpt implements OutputSink {
    private final byte[] head;
    private final byte[] tail;
    private int headLength;
    private long tailWritten;

    Excerpt() {
        this(8 << 10);
    }

    /** @param capacity bytes, half for each end; up to as many are kept whole */
    Excerpt(int capacity) {
        head = new byte[capacity / 2];
        tail = new byte[capacity - capacity / 2];
    }

    @Override
    public synchronized void accept(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (headLength < head.length) {
                head[headLength++] = bytes[i];
            } else {
                tail[(int) (tailWritten++ % tail.length)] = bytes[i];
            }
        }
    }

    /** Whether something in the middle is lost. */
    synchronized boolean isCut() {
        return tailWritten > tail.length;
    }

    /** As text; a line that says so stands where something was lost. */
    synchronized String text() {
        String beginning = new String(head, 0, headLength, StandardCharsets.UTF_8);
        if (!isCut()) {
            return beginning + new String(tail, 0, (int) tailWritten, StandardCharsets.UTF_8);
        }
        int oldest = (int) (tailWritten % tail.length);
        return beginning + "\n...\n" + new String(tail, oldest, tail.length - oldest, StandardCharsets.UTF_8)
                + new String(tail, 0, oldest, StandardCharsets.UTF_8);
    }
}
