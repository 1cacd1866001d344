package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nngjava.gifbroker.App;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.gifbroker.Settings;
import org.nngjava.gifbroker.http.JobResource;
import org.nngjava.workers.BlobWriter;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;

/** Makes GIFs in this process, by an application that serves nobody else. */
final class EmbeddedGifMaker implements GifMaker {
    private final App app;
    private final JobQueue queue;
    private final Duration timeout;

    /**
     * @param timeout of one conversion
     */
    EmbeddedGifMaker(Settings.Builder settings, Duration timeout) throws IOException {
        this.timeout = timeout;
        app = App.create(settings.drain(Duration.ZERO).build());
        app.start();
        queue = app.queue();
    }

    @Override
    public JobResource submit(Path movie, Map<String, String> options) throws IOException {
        try (InputStream in = Files.newInputStream(movie);
                BlobWriter writer = queue.blobs().create()) {
            in.transferTo(writer);
            return JobResource.of(queue.submit(JobRequest.builder(GifJobHandler.TYPE)
                    .payload(writer.commit(null))
                    .options(options)
                    .timeout(timeout)
                    .build()));
        }
    }

    @Override
    public JobResource look(String jobId, Duration atMost) throws IOException, InterruptedException {
        try {
            return JobResource.of(queue.await(jobId).get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return JobResource.of(job(jobId));
        } catch (ExecutionException e) {
            throw new IOException("the job was lost: " + Failures.sentence(e.getCause()), e.getCause());
        }
    }

    @Override
    public void fetch(String jobId, Path gif) throws IOException {
        try (InputStream in = queue.blobs().open(job(jobId).result().id())) {
            Files.copy(in, gif, StandardCopyOption.REPLACE_EXISTING);
        }
        queue.remove(jobId);
    }

    @Override
    public void close() {
        app.stop();
    }

    private Job job(String id) throws IOException {
        return queue.job(id).orElseThrow(() -> new IOException("the job was lost"));
    }
}
