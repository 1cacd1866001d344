package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;

/**
 * Tells clients of jobs as they change, by server-sent events. What the queue publishes is a hint that may be lost: a stream of one
 * job also looks for itself every few seconds, a stream of all says {@code resync} after a gap, and to a client that is too slow. Whoever
 * comes back with the id of the last event that it heard ({@code Last-Event-ID}) is told what it missed.
 */
final class JobEvents implements AutoCloseable {
    private static final int REREAD_SECONDS = 5;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final String COMMENT = ": \n\n";
    private static final int REMEMBERED = 1_000;
    private static final Pattern EVENT_ID = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})");

    /** Bytes gathered for one client: a few events. Jetty keeps them for as long as the stream goes on. */
    private static final int BUFFER = 4 * 1024;

    private final JobQueue queue;
    private final JobViews views;
    private final Executor executor;
    private final Duration heartbeat;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "http-events");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Set<EventStream>> byJob = new ConcurrentHashMap<>();
    private final Set<EventStream> ofAll = ConcurrentHashMap.newKeySet();
    private JobQueue.Subscription subscription;

    /** Tells the events of this start of the server from those of others. */
    private final String epoch = String.format(Locale.ROOT, "%08x", new SecureRandom().nextInt());

    /** The latest events, without a gap. */
    private final Deque<JobEvent> recent = new ArrayDeque<>();

    private long lastNumber = -1;

    /**
     * @param idleTimeout after which Jetty ends a connection that it finds writing; so none is to be idle for that long
     * @param executor writes to the clients
     */
    JobEvents(JobQueue queue, Duration idleTimeout, Executor executor) {
        this.queue = queue;
        Duration often = idleTimeout.dividedBy(3);
        heartbeat = often.compareTo(HEARTBEAT) < 0 ? often : HEARTBEAT;
        views = new JobViews(queue);
        this.executor = executor;
    }

    /** Begins to listen. */
    void start() {
        subscription = queue.events(this::onEvent);
        timer.scheduleWithFixedDelay(this::reread, REREAD_SECONDS, REREAD_SECONDS, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(this::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Streams one job until it is finished. */
    void streamOne(Context ctx, Job job) {
        if (job.state().isFinal() && version(job).equals(ctx.header("Last-Event-ID"))) {
            // There will be no more: a browser that is told so does not come back.
            ctx.status(204);
            return;
        }
        views.changed(job.id()); // the news of its latest state may still be on its way
        OneJob frames = new OneJob();
        EventStream stream = begin(ctx, frames);
        frames.stream = stream;
        byJob.computeIfAbsent(job.id(), id -> ConcurrentHashMap.newKeySet()).add(stream);
        ctx.future(() -> {
            stream.open();
            stream.tell(job.id(), 0);
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
        ctx.future(() -> {
            stream.open();
            catchUp(stream, ctx.header("Last-Event-ID"));
            return stream.ended().whenComplete((done, failure) -> ofAll.remove(stream));
        });
    }

    private EventStream begin(Context ctx, EventStream.Frames frames) {
        ctx.contentType("text/event-stream");
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Accel-Buffering", "no");
        ctx.res().setBufferSize(BUFFER);
        try {
            return new EventStream(ctx.res().getOutputStream(), executor, COMMENT, frames);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells what changed after the event that a client heard last, or that it has to look for itself. */
    private synchronized void catchUp(EventStream stream, String heardLast) {
        ofAll.add(stream);
        Matcher id = EVENT_ID.matcher(heardLast == null ? "" : heardLast);
        if (id.matches() && id.group(1).equals(epoch)) {
            long heard = Long.parseLong(id.group(2));
            boolean complete = heard >= lastNumber
                    || (!recent.isEmpty() && recent.getFirst().number() <= heard + 1);
            if (complete) {
                recent.stream()
                        .filter(event -> event.number() > heard)
                        .forEach(event -> stream.tell(event.jobId(), event.number()));
                return;
            }
        }
        stream.tell(EventStream.ALL, lastNumber);
    }

    private synchronized void onEvent(JobEvent event) {
        boolean left =
                event.state() == JobState.CANCELLED || (event.state() == JobState.RUNNING && event.progress() == 0);
        if (left) {
            views.changed();
        } else {
            views.changed(event.jobId());
        }
        byJob.getOrDefault(event.jobId(), Set.of()).forEach(stream -> stream.tell(event.jobId(), 0));
        if (left) {
            // Those behind it have moved up.
            byJob.forEach((id, streams) -> streams.forEach(stream -> stream.tell(id, 0)));
        }
        boolean gap = lastNumber >= 0 && event.number() != lastNumber + 1;
        if (gap) {
            recent.clear();
        } else if (recent.size() == REMEMBERED) {
            recent.removeFirst();
        }
        recent.add(event);
        lastNumber = event.number();
        for (EventStream stream : ofAll) {
            if (gap) {
                stream.tell(EventStream.ALL, lastNumber);
            }
            stream.tell(event.jobId(), lastNumber);
        }
    }

    private void reread() {
        views.changed();
        byJob.forEach((id, streams) -> streams.forEach(stream -> stream.tell(id, 0)));
    }

    private void beat() {
        byJob.values().forEach(streams -> streams.forEach(EventStream::beat));
        ofAll.forEach(EventStream::beat);
    }

    private Optional<String> frame(String jobId, long number) {
        String id = number < 0 ? "" : "id: " + epoch + "-" + number + "\n";
        if (jobId.equals(EventStream.ALL)) {
            return Optional.of(id + "event: resync\ndata: {}\n\n");
        }
        return views.of(jobId)
                .filter(view -> view.job().type().equals(GifJobHandler.TYPE))
                .map(view -> id + "event: job\ndata: " + view.json() + "\n\n");
    }

    /** Tells the states of one job apart. */
    private static String version(Job job) {
        return job.attempt() + "-" + job.state().name().toLowerCase(Locale.ROOT) + "-"
                + Math.round(job.progress() * 1000);
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
    private final class OneJob implements EventStream.Frames {
        private EventStream stream;
        private Job told;

        @Override
        public Optional<String> of(String jobId, long number) {
            Optional<JobViews.View> view = views.of(jobId);
            Job job = view.map(JobViews.View::job).orElse(null);
            if (job == null || job.state().isFinal()) {
                stream.endAfterwards();
            }
            if (job == null || job.equals(told)) {
                return Optional.empty();
            }
            told = job;
            return view.map(now -> "id: " + version(job) + "\nevent: job\ndata: " + now.json() + "\n\n");
        }
    }
}
