package org.nngjava.workers.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What the processes of the crash test did, a line each, in the order in which they did it. A line is written in one go, and what is
 * written outlives its process, whatever kills it.
 */
final class Ledger implements AutoCloseable {
    private final FileChannel file;

    Ledger(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Adds a line: the words, and the time in milliseconds. */
    synchronized void add(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(word).append(' ');
        }
        line.append(System.currentTimeMillis()).append('\n');
        try {
            file.write(ByteBuffer.wrap(line.toString().getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that begin with this word, split into words. */
    static List<String[]> read(Path path, String first) throws IOException {
        return Files.readAllLines(path).stream()
                .map(line -> line.split(" "))
                .filter(words -> words[0].equals(first))
                .toList();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
