package org.nngjava.benchmarks.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.nngjava.workers.FileBlobStore;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.Worker;
import org.nngjava.workers.jdbc.JdbcJobStore;

/** Ours, on SQLite, with a worker in the same process. */
final class NngWorkers implements Subject {
    private static final String TYPE = "noop";
    private static final JobRequest REQUEST =
            JobRequest.builder(TYPE).payload(new byte[0]).build();
    private static final int AT_ONCE = 1_000;

    private final JdbcJobStore store;
    private final FileBlobStore blobs;
    private final JobQueue queue;
    private final boolean tcp;
    private final List<Worker> workers = new ArrayList<>();

    /**
     * Opens a queue.
     *
     * @param tcp whether the worker connects by tcp, else by inproc
     */
    NngWorkers(Path directory, boolean tcp) throws IOException {
        this.tcp = tcp;
        store = JdbcJobStore.sqlite(directory.resolve("jobs.db"));
        blobs = new FileBlobStore(directory.resolve("blobs"));
        queue = JobQueue.builder()
                .store(store)
                .blobs(blobs)
                .listen("tcp://127.0.0.1:0")
                .capacity(Integer.MAX_VALUE)
                .open();
    }

    @Override
    public void submit() {
        queue.submit(REQUEST);
    }

    @Override
    public void fill(int jobs) {
        List<CompletableFuture<Job>> accepted = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            accepted.add(queue.submitAsync(REQUEST));
            if (accepted.size() == AT_ONCE) {
                accepted.forEach(CompletableFuture::join);
                accepted.clear();
            }
        }
        accepted.forEach(CompletableFuture::join);
    }

    @Override
    public void work(int workers, Runnable job) {
        List<String> urls = queue.workUrls();
        this.workers.add(Worker.builder()
                .connect(urls.get(tcp ? 0 : urls.size() - 1))
                .slots(workers)
                .handle(TYPE, context -> job.run())
                .start());
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
        queue.close();
        blobs.close();
        store.close();
    }
}
