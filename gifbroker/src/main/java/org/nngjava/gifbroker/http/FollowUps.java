package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nngjava.gifbroker.AuditLog;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.gifbroker.Posters;
import org.nngjava.gifbroker.media.MediaException;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Pipeline;
import org.nngjava.workers.PipelineFullException;
import org.nngjava.workers.PipelineHandler;
import org.nngjava.workers.PipelineSink;
import org.nngjava.workers.QueueClosedException;

/**
 * What follows the end of a job, as a pipeline of three stages: whoever is to be told is told, the poster is made, a line is written to the audit.
 * A stage acknowledges when the next one has. What a crash cuts short has no line, and is done at the next start; what was done before by then is
 * not done twice, since a message has its key and a poster its file.
 */
final class FollowUps implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FollowUps.class.getName());
    private static final int PAGE = 200;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration TO_END = Duration.ofSeconds(2);

    private final JobQueue queue;
    private final Webhooks webhooks;
    private final Posters posters;
    private final AuditLog audit;

    /** The jobs whose end is not pushed yet. */
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    private final Deque<AutoCloseable> stages = new ConcurrentLinkedDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "follow-ups");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Pipeline ends;

    FollowUps(JobQueue queue, Webhooks webhooks, Posters posters, AuditLog audit) {
        this.queue = queue;
        this.webhooks = webhooks;
        this.posters = posters;
        this.audit = audit;
    }

    /** Begins, with the jobs of an earlier start. */
    void start() {
        clock.execute(this::begin);
        clock.scheduleWithFixedDelay(
                this::lookAgain, LOOK_AGAIN.toMillis(), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void begin() {
        try {
            Pipeline toAudit = to(this::write);
            Pipeline toPosters = to(message -> {
                illustrate(message);
                pass(message, toAudit);
            });
            ends = to(message -> {
                if (tell(message)) {
                    pass(message, toPosters);
                }
            });
            stages.push(queue.events(this::heard));
            load();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed already
        }
    }

    /** Sees to what follows when a job ends. */
    void follow(Job job) {
        if (!job.type().equals(GifJobHandler.TYPE)) {
            return;
        }
        awaited.add(job.id());
        try {
            // It may have ended before it was awaited.
            look(job.id(), Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "It is looked at again soon", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            clock.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS);
            if (ends != null) {
                ends.drain(TO_END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        while (!stages.isEmpty()) {
            try {
                stages.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A stage could not be closed", e);
            }
        }
    }

    /** A pipeline to a new stage, which is closed after it. */
    private Pipeline to(PipelineHandler handler) throws InterruptedException {
        PipelineSink stage = PipelineSink.builder("inproc://gifbroker-" + UUID.randomUUID())
                .acknowledge()
                .handle(handler)
                .start();
        stages.push(stage);
        // A stage waits for the next one, however long that takes.
        Pipeline pipeline =
                Pipeline.builder().sink(stage.url()).acknowledged(PATIENCE).open();
        stages.push(pipeline);
        pipeline.awaitSinks(1, TO_END);
        return pipeline;
    }

    private static void pass(byte[] message, Pipeline next) throws InterruptedException, ExecutionException {
        next.send(message, PATIENCE).get();
    }

    // ---- The stages

    private boolean tell(byte[] message) throws IOException, InterruptedException, ExecutionException {
        Optional<Job> job = ended(message);
        if (job.isEmpty() || audit.tellsOf(job.get())) {
            return false;
        }
        try {
            webhooks.tell(job.get());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueClosedException) {
                return false; // the next start goes on
            }
            throw e;
        }
    }

    private void illustrate(byte[] message) throws InterruptedException {
        Blob gif = ended(message).map(Job::result).orElse(null);
        if (gif == null) {
            return;
        }
        try {
            posters.make(gif, queue.blobs());
        } catch (IOException | MediaException e) {
            LOG.log(Level.WARNING, "There is no poster of GIF " + text(message) + ": " + e.getMessage());
        }
    }

    private void write(byte[] message) throws IOException {
        Optional<Job> job = ended(message);
        if (job.isPresent()) {
            Blob gif = job.get().result();
            audit.write(job.get(), gif != null && posters.find(gif).isPresent());
        }
    }

    // ---- The ends of jobs

    private void heard(JobEvent event) {
        if (event.state().isFinal() && awaited.contains(event.jobId())) {
            push(event.jobId(), Duration.ZERO);
        }
    }

    private void look(String id, Duration patience) {
        Optional<Job> job = queue.job(id);
        if (job.isEmpty()) {
            awaited.remove(id);
        } else if (job.get().state().isFinal()) {
            push(id, patience);
        }
    }

    private void push(String id, Duration patience) {
        Pipeline pipeline = ends;
        if (pipeline == null || !awaited.remove(id)) {
            return;
        }
        try {
            pipeline.send(id.getBytes(StandardCharsets.US_ASCII), patience);
        } catch (PipelineFullException e) {
            awaited.add(id);
        } catch (InterruptedException e) {
            awaited.add(id);
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "The next start sees to job {0}", id);
        }
    }

    private void load() {
        try {
            Set<String> digests = new HashSet<>();
            String before = null;
            List<Job> page;
            do {
                page = queue.jobs(PAGE, before);
                for (Job job : page) {
                    before = job.id();
                    if (job.result() != null) {
                        digests.add(job.result().sha256());
                    }
                    if (job.type().equals(GifJobHandler.TYPE) && !audit.tellsOf(job)) {
                        awaited.add(job.id());
                    }
                }
            } while (page.size() == PAGE);
            posters.retain(digests);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "The jobs of an earlier start could not be read", e);
        }
        lookAgain();
    }

    /** Events are hints. */
    private void lookAgain() {
        try {
            for (String id : awaited) {
                look(id, PATIENCE);
            }
        } catch (QueueClosedException e) {
            LOG.log(Level.DEBUG, "The queue is closed", e);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Jobs could not be read; trying again soon", e);
        }
    }

    private Optional<Job> ended(byte[] message) {
        return queue.job(text(message)).filter(job -> job.state().isFinal());
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.US_ASCII);
    }
}
