package org.nngjava.gifbroker.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nngjava.gifbroker.http.LiveSnapshot;
import org.nngjava.workers.Latency;
import org.nngjava.workers.Traffic;

class AlertsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Alerts alerts = new Alerts("http://127.0.0.1:8080/");

    @Test
    void aWorkerThatDiesOrFallsSilentOrIsBackIsNewsOnce() {
        assertThat(look("ann idle", "bob busy")).isEmpty();
        assertThat(look("ann dead", "bob silent")).containsExactly("worker ann is dead", "worker bob is silent");
        assertThat(look("ann dead", "bob silent")).isEmpty();
        assertThat(look("ann dead", "bob busy")).containsExactly("worker bob is back");
        assertThat(look("ann dead", "bob silent")).containsExactly("worker bob is silent");
        assertThat(look("ann dead", "bob dead")).containsExactly("worker bob is dead");
    }

    @Test
    void aWorkerThatDiedBetweenTwoLooksIsNewsAndAnotherOfItsNameIsNot() {
        assertThat(look("ann idle")).isEmpty();
        LiveSnapshot restarted = snapshot(worker("1", "ann", "dead"), worker("2", "ann", "idle"));
        assertThat(alerts.look(restarted)).extracting(Alert::sentence).containsExactly("worker ann is dead");
    }

    @Test
    void whatWasSoBeforeAndWhoLeavesAreNoNews() {
        assertThat(look("ann dead", "bob silent")).isEmpty();
        assertThat(look("ann dead")).isEmpty();
        assertThat(look()).isEmpty();
    }

    @Test
    void aServerIsDeadWhenItDoesNotAnswerTwice() {
        assertThat(look("ann idle")).isEmpty();
        assertThat(alerts.miss(NOW)).isEmpty();
        assertThat(look("ann idle")).isEmpty();
        assertThat(alerts.miss(NOW)).isEmpty();
        assertThat(alerts.miss(NOW)).containsExactly(new Alert("dead", "server", null, "http://127.0.0.1:8080/", NOW));
        assertThat(alerts.miss(NOW)).isEmpty();
        assertThat(look("ann idle")).containsExactly("the server is back");
    }

    @Test
    void aServerThatWasNeverThereIsNoNews() {
        assertThat(alerts.miss(NOW)).isEmpty();
        assertThat(alerts.miss(NOW)).isEmpty();
    }

    /** What is new when the workers are so; each is a name and a state. */
    private List<String> look(String... workers) {
        LiveSnapshot.Worker[] all = Arrays.stream(workers)
                .map(worker -> worker.split(" ", 2))
                .map(parts -> worker(parts[0], parts[0], parts[1]))
                .toArray(LiveSnapshot.Worker[]::new);
        return alerts.look(snapshot(all)).stream().map(Alert::sentence).toList();
    }

    private static LiveSnapshot snapshot(LiveSnapshot.Worker... workers) {
        return new LiveSnapshot(NOW, "start", null, null, List.of(workers), 0);
    }

    private static LiveSnapshot.Worker worker(String id, String name, String state) {
        return new LiveSnapshot.Worker(id, name, state, 0, 1, 0, NOW, Latency.NONE, Traffic.NONE);
    }
}
