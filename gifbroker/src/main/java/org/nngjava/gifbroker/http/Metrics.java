package org.nngjava.gifbroker.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobEvent;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;

/** What a Prometheus collects: {@code /metrics}. Counters begin with the process. */
final class Metrics implements AutoCloseable {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS");
    private static final double[] RUN_SECONDS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300, 600};

    private final JobQueue queue;
    private final Executor executor;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Counter requests = Counter.builder()
            .name("gifbroker_http_requests_total")
            .help("HTTP requests answered, by method and status")
            .labelNames("method", "status")
            .register(registry);
    private final Histogram runTime = Histogram.builder()
            .name("gifbroker_job_run_seconds")
            .help("How long the last attempts of jobs took that succeeded or were given up")
            .classicOnly()
            .classicUpperBounds(RUN_SECONDS)
            .register(registry);
    private JobQueue.Subscription subscription;

    /**
     * @param executor reads the jobs that finished
     */
    Metrics(JobQueue queue, Executor executor) {
        this.queue = queue;
        this.executor = executor;
        gauge("gifbroker_jobs_queued", "Jobs that wait for a worker or for their next attempt", QueueStatus::queued);
        gauge("gifbroker_jobs_running", "Jobs that a worker has", QueueStatus::running);
        gauge("gifbroker_queue_capacity", "How many jobs may be queued", QueueStatus::capacity);
        gauge("gifbroker_workers", "Workers known to be alive", QueueStatus::workers);
        gauge("gifbroker_worker_slots", "Jobs that the workers can run at once", QueueStatus::slots);
        gauge("gifbroker_worker_slots_idle", "Slots that wait for a job", QueueStatus::idle);
        counter("gifbroker_jobs_accepted_total", "Jobs accepted", QueueFigures::accepted);
        counter("gifbroker_attempts_started_total", "Attempts started", QueueFigures::started);
        counter("gifbroker_attempts_retried_total", "Attempts that failed and were repeated", QueueFigures::retried);
        counter(
                "gifbroker_attempts_orphaned_total",
                "Attempts whose worker died or fell silent",
                QueueFigures::orphaned);
        CounterWithCallback.builder()
                .name("gifbroker_jobs_finished_total")
                .help("Jobs finished, by outcome")
                .labelNames("outcome")
                .callback(finished -> {
                    QueueFigures figures = queue.figures();
                    finished.call((double) figures.succeeded(), "succeeded");
                    finished.call((double) figures.failed(), "failed");
                    finished.call((double) figures.cancelled(), "cancelled");
                })
                .register(registry);
    }

    /** Adds the route, and counts all requests. */
    void register(JavalinConfig config) {
        config.requestLogger.http((ctx, milliseconds) -> requests.labelValues(
                        method(ctx), Integer.toString(ctx.res().getStatus()))
                .inc());
        config.routes.get("/metrics", this::show);
    }

    /** Begins to measure run times. */
    void start() {
        subscription = queue.events(this::onEvent);
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }

    private void onEvent(JobEvent event) {
        boolean finished = event.state() == JobState.SUCCEEDED || event.state() == JobState.FAILED;
        if (finished && event.type().equals(GifJobHandler.TYPE)) {
            executor.execute(() -> queue.job(event.jobId()).ifPresent(this::measure));
        }
    }

    private void measure(Job job) {
        if (job.startedAt() != null) {
            Duration time = job.runTime();
            runTime.observe(time.toMillis() / 1000.0);
        }
    }

    private void show(Context ctx) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, registry.scrape(), EscapingScheme.DEFAULT);
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(PrometheusTextFormatWriter.CONTENT_TYPE).result(text.toByteArray());
    }

    private void gauge(String name, String help, ToDoubleFunction<QueueStatus> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.applyAsDouble(queue.status())))
                .register(registry);
    }

    private void counter(String name, String help, ToDoubleFunction<QueueFigures> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(counter -> counter.call(value.applyAsDouble(queue.figures())))
                .register(registry);
    }

    private static String method(Context ctx) {
        String method = ctx.req().getMethod();
        return METHODS.contains(method) ? method : "other";
    }
}
