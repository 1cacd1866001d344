package org.nngjava.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuickStartTest {
    @Test
    void tenLinesQueueAJobRunItAndReadItsResult() throws Exception {
        try (JobQueue queue = JobQueue.builder().open();
                Worker worker = Worker.builder()
                        .queue(queue)
                        .slots(2)
                        .handle("shout", job -> {
                            String text = new String(job.payload().readAllBytes(), UTF_8);
                            job.result(text.toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8));
                        })
                        .start()) {
            Job job = queue.submit("shout", "hello".getBytes(UTF_8));
            Job done = queue.await(job.id()).get();
            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.worker()).isEqualTo(worker.name());
            assertThat(queue.blobs().open(done.result().id())).hasBinaryContent("HELLO".getBytes(UTF_8));
        }
    }
}
