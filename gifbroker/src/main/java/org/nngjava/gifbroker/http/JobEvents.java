package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;

/**
 * Tells clients of jobs as they change, by server-sent events. What the queue publishes is a hint that may be lost: a stream of one
 * job also looks for itself every few seconds, a stream of all says {@code resync} after a gap.
 */
final class JobEvents implements AutoCloseable {
    private static final int REREAD_SECONDS = 5;
    private static final int HEARTBEAT_SECONDS = 15;
    private static final String RESYNC = "";

    private final JobQueue queue;
    private final Executor executor;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "http-events");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Set<EventStream>> byJob = new ConcurrentHashMap<>();
    private final Set<EventStream> ofAll = ConcurrentHashMap.newKeySet();
    private JobQueue.Subscription subscription;
    private long lastNumber = -1;

    /**
     * @param executor writes to the clients
     */
    JobEvents(JobQueue queue, Executor executor) {
        this.queue = queue;
        this.executor = executor;
    }

    /** Begins to listen. */
    void start() {
        subscription = queue.events(this::onEvent);
        timer.scheduleWithFixedDelay(this::reread, REREAD_SECONDS, REREAD_SECONDS, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Streams one job until it is finished. */
    void streamOne(Context ctx, Job job) {
        OneJob frames = new OneJob();
        EventStream stream = begin(ctx, frames);
        frames.stream = stream;
        byJob.computeIfAbsent(job.id(), id -> ConcurrentHashMap.newKeySet()).add(stream);
        ctx.future(() -> {
            stream.open();
            stream.tell(job.id());
            return stream.ended()
                    .whenComplete((done, failure) -> byJob.computeIfPresent(job.id(), (id, streams) -> {
                        streams.remove(stream);
                        return streams.isEmpty() ? null : streams;
                    }));
        });
    }

    /** Streams the changes of all jobs until the client goes. */
    void streamAll(Context ctx) {
        EventStream stream = begin(ctx, this::frame);
        ofAll.add(stream);
        ctx.future(() -> {
            stream.open();
            stream.tell(RESYNC);
            return stream.ended().whenComplete((done, failure) -> ofAll.remove(stream));
        });
    }

    private EventStream begin(Context ctx, java.util.function.Function<String, Optional<String>> frames) {
        ctx.contentType("text/event-stream");
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Accel-Buffering", "no");
        try {
            return new EventStream(ctx.res().getOutputStream(), executor, frames);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onEvent(JobEvent event) {
        byJob.getOrDefault(event.jobId(), Set.of()).forEach(stream -> stream.tell(event.jobId()));
        boolean left =
                event.state() == JobState.CANCELLED || (event.state() == JobState.RUNNING && event.progress() == 0);
        if (left) {
            // Those behind it have moved up.
            byJob.forEach((id, streams) -> streams.forEach(stream -> stream.tell(id)));
        }
        boolean gap = lastNumber >= 0 && event.number() != lastNumber + 1;
        lastNumber = event.number();
        for (EventStream stream : ofAll) {
            if (gap) {
                stream.tell(RESYNC);
            }
            stream.tell(event.jobId());
        }
    }

    private void reread() {
        byJob.forEach((id, streams) -> streams.forEach(stream -> stream.tell(id)));
    }

    private void beat() {
        byJob.values().forEach(streams -> streams.forEach(EventStream::beat));
        ofAll.forEach(EventStream::beat);
    }

    private Optional<String> frame(String jobId) {
        if (jobId.equals(RESYNC)) {
            return Optional.of("event: resync\ndata: {}\n\n");
        }
        return queue.job(jobId).map(job -> "event: job\ndata: " + Json.text(JobResource.of(job)) + "\n\n");
    }

    /** Ends all streams, so that the server can stop. */
    @Override
    public void close() {
        timer.shutdownNow();
        if (subscription != null) {
            subscription.close();
        }
        byJob.values().forEach(streams -> streams.forEach(EventStream::endAfterwards));
        ofAll.forEach(EventStream::endAfterwards);
    }

    /** Says what changed, and ends the stream with the job. */
    private final class OneJob implements java.util.function.Function<String, Optional<String>> {
        private EventStream stream;
        private Job told;

        @Override
        public Optional<String> apply(String jobId) {
            Job job = queue.job(jobId).orElse(null);
            if (job == null || job.state().isFinal()) {
                stream.endAfterwards();
            }
            if (job == null || job.equals(told)) {
                return Optional.empty();
            }
            told = job;
            return Optional.of("event: job\ndata: " + Json.text(JobResource.of(job)) + "\n\n");
        }
    }
}
