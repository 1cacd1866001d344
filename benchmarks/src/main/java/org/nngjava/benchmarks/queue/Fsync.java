package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The disk's own floor: a job is a record that is forced to the disk, once, and nothing else. */
final class Fsync implements Subject {
    private static final int RECORD = 256;

    private final FileChannel file;
    private final boolean grouped;
    private final Object forcing = new Object();
    private Runnable job;
    private long written;
    private long forced;

    /**
     * Opens the file.
     *
     * @param grouped whether all records that wait share one force, else each has its own
     */
    Fsync(Path directory, boolean grouped) throws IOException {
        this.grouped = grouped;
        file = FileChannel.open(directory.resolve("records"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void submit() throws IOException {
        if (grouped) {
            force(write());
        } else {
            synchronized (forcing) {
                write();
                file.force(false);
            }
        }
        job.run();
    }

    private synchronized long write() throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD);
        while (record.hasRemaining()) {
            file.write(record);
        }
        return ++written;
    }

    private synchronized long written() {
        return written;
    }

    private void force(long record) throws IOException {
        synchronized (forcing) {
            if (forced < record) {
                long last = written();
                file.force(false);
                forced = last;
            }
        }
    }

    @Override
    public boolean takesJobsBeforeItWorks() {
        return false;
    }

    @Override
    public void work(int workers, Runnable job) {
        this.job = job;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
