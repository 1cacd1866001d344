package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.websocket.WsConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.Monitor;
import org.nngjava.workers.QueueClosedException;

/**
 * Shows what the queue and its workers do at the moment: {@code GET /v1/live} answers one {@link LiveSnapshot}; a WebSocket there gets
 * one each second. A watcher that is slow misses some.
 */
final class LiveFeed implements AutoCloseable {
    private static final int EVERY_MS = 1_000;

    private final JobQueue queue;
    private Monitor monitor;
    private final Map<Session, AtomicBoolean> watchers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "http-live");
        thread.setDaemon(true);
        return thread;
    });

    LiveFeed(JobQueue queue) {
        this.queue = queue;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/live", this::show);
        routes.ws("/v1/live", this::watch);
    }

    /** Begins to watch, which it must before anybody asks. */
    void start() {
        List<String> urls = queue.eventUrls();
        monitor = Monitor.builder(urls.get(urls.size() - 1)).start();
        timer.scheduleAtFixedRate(this::show, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void show(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        ctx.contentType(Json.MEDIA_TYPE).result(Json.bytes(LiveSnapshot.of(queue, monitor)));
    }

    private void watch(WsConfig feed) {
        feed.onConnect(watcher -> {
            watchers.put(watcher.session, new AtomicBoolean());
            timer.execute(this::show);
        });
        feed.onClose(watcher -> watchers.remove(watcher.session));
        feed.onError(watcher -> watchers.remove(watcher.session));
    }

    private void show() {
        if (watchers.isEmpty()) {
            return;
        }
        try {
            String snapshot = Json.text(LiveSnapshot.of(queue, monitor));
            watchers.forEach((session, sending) -> {
                if (sending.compareAndSet(false, true)) {
                    session.sendText(
                            snapshot, Callback.from(() -> sending.set(false), lost -> watchers.remove(session)));
                }
            });
        } catch (QueueClosedException e) {
            // The server is about to stop.
        }
    }

    /** Sends all watchers away. */
    @Override
    public void close() {
        timer.shutdownNow();
        if (monitor != null) {
            monitor.close();
        }
        watchers.keySet().forEach(session -> session.close(StatusCode.SHUTDOWN, "the server stops", Callback.NOOP));
    }
}
