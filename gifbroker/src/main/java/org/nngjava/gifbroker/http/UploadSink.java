package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends a piece to an upload. What has come when the body is cut stays. */
final class UploadSink implements RequestBody.Sink<Long> {
    private static final System.Logger LOG = System.getLogger(UploadSink.class.getName());

    private final FileChannel file;
    private final long length;

    UploadSink(Path part, long length) throws IOException {
        this.length = length;
        file = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        if (file.size() + bytes.remaining() > length) {
            throw tooMuch(length);
        }
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw MovieSink.notStored(e);
        }
    }

    @Override
    public Long finish() throws IOException {
        try (file) {
            file.force(false);
            return file.size();
        }
    }

    @Override
    public void abort() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A part of an upload could not be closed", e);
        }
    }

    static ProblemException tooMuch(long length) {
        return new ProblemException(
                ProblemType.TOO_LARGE, "The upload was begun with a length of " + length + " bytes");
    }
}
