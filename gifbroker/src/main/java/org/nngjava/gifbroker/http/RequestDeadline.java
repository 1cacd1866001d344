package org.nngjava.gifbroker.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Closes connections on which no request has begun for a time: the line and the headers of the next one have to come whole within it. Jetty's
 * own time-out counts from the latest byte, so that a byte now and then would keep a connection for ever. A connection whose request is
 * under way is left alone.
 */
final class RequestDeadline extends Handler.Wrapper implements Connection.Listener {
    private final long nanos;
    private final BooleanSupplier behind;
    private final Map<Connection, Turn> turns = new ConcurrentHashMap<>();

    /**
     * Whose turn it is on a connection.
     *
     * @param request that is under way; null while the client is to send one
     * @param since when it was not, as {@link System#nanoTime} has it
     */
    private record Turn(Request request, long since) {
        static Turn ofTheClient() {
            return new Turn(null, System.nanoTime());
        }
    }

    /**
     * @param time that a client has
     * @param behind whether the server is, so that requests may have come which it has not looked at
     */
    RequestDeadline(Duration time, BooleanSupplier behind) {
        nanos = time.toNanos();
        this.behind = behind;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) { // what carries requests, and not the TLS below
            turns.put(connection, Turn.ofTheClient());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        turns.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        Turn begun = new Turn(request, System.nanoTime());
        turns.replace(connection, begun);
        Request.addCompletionListener(request, failure -> turns.replace(connection, begun, Turn.ofTheClient()));
        return super.handle(request, response, callback);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sweepLater();
    }

    private void sweepLater() {
        getServer().getScheduler().schedule(this::sweep, Math.max(1, nanos / 4), TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        if (!behind.getAsBoolean()) {
            closeLate(System.nanoTime());
        }
        if (isRunning()) {
            sweepLater();
        }
    }

    private void closeLate(long now) {
        turns.forEach((connection, turn) -> {
            if (turn.request() == null && now - turn.since() > nanos) {
                connection.getEndPoint().close(new TimeoutException("no request came within the time"));
            }
        });
    }
}
