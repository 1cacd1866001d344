package org.nngjava.gifbroker.monitor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nngjava.gifbroker.http.LiveSnapshot;

/**
 * Finds what is worth an alert in what a server shows from time to time: a worker that died or fell silent, a server that does not answer,
 * and that either is back. What was so when it was first looked is no news. For one thread.
 */
public final class Alerts {
    /** A server that does not answer once may be about to be restarted. */
    private static final int MISSES = 2;

    private final String server;
    private final Map<String, String> states = new HashMap<>();
    private boolean looked;
    private int missed;

    /**
     * Begins.
     *
     * @param server where it is, for the alerts
     */
    public Alerts(String server) {
        this.server = server;
    }

    /** What is new in what the server shows. */
    public List<Alert> look(LiveSnapshot now) {
        List<Alert> alerts = new ArrayList<>();
        if (missed >= MISSES) {
            alerts.add(new Alert(Alert.BACK, Alert.SERVER, null, server, now.at()));
        }
        missed = 0;
        Map<String, String> last = Map.copyOf(states);
        states.clear();
        for (LiveSnapshot.Worker worker : now.workers()) {
            states.put(worker.id(), worker.state());
            String event = event(last.get(worker.id()), worker.state());
            if (event != null && looked) {
                alerts.add(new Alert(event, worker.name(), worker.id(), server, now.at()));
            }
        }
        looked = true;
        return alerts;
    }

    private static String event(String before, String now) {
        boolean alarming = now.equals(LiveSnapshot.DEAD) || now.equals(LiveSnapshot.SILENT);
        if (alarming) {
            return now.equals(before) ? null : now;
        }
        return LiveSnapshot.SILENT.equals(before) || LiveSnapshot.DEAD.equals(before) ? Alert.BACK : null;
    }

    /** What is new when the server does not answer. */
    public List<Alert> miss(Instant at) {
        missed++;
        return looked && missed == MISSES
                ? List.of(new Alert(LiveSnapshot.DEAD, Alert.SERVER, null, server, at))
                : List.of();
    }
}
