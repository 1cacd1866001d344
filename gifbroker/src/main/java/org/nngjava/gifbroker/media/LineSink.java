package org.nngjava.gifbroker.media;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts what a process writes into lines. Of a line that is too long to be one of ours the rest is dropped. For one thread. */
final class LineSink implements OutputSink {
    private final byte[] line = new byte[1024];
    private final Consumer<String> lines;
    private int length;

    LineSink(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void accept(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                lines.accept(new String(line, 0, length, StandardCharsets.UTF_8));
                length = 0;
            } else if (length < line.length) {
                line[length++] = bytes[i];
            }
        }
    }
}
