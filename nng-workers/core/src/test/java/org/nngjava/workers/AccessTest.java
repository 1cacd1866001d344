package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nngjava.TlsAuthMode;
import org.nngjava.TlsConfig;
import org.nngjava.workers.internal.Access;

@Timeout(60)
class AccessTest {
    private static final Path CERTIFICATES = Path.of("src/test/resources/tls");
    private static final String SECURE = "tls+tcp://127.0.0.1:0";
    private static final String TOKEN = "a secret of sixteen or more characters";

    @AutoClose
    private final Opened opened = new Opened();

    @Test
    void aWorkerWithACertificateComesInAndAStrangerDoesNot() throws Exception {
        JobQueue queue = opened.add(JobQueue.builder()
                .listen(SECURE)
                .tls(config("queue").authMode(TlsAuthMode.REQUIRED).build())
                .open());
        String url = queue.workUrls().get(0);
        worker("stranger", Worker.builder().connect(url).tls(config("stranger").build()));
        worker("nobody", Worker.builder().connect(url).tls(trusting().build()));
        worker("friend", Worker.builder().connect(url).tls(config("worker").build()));
        for (int i = 0; i < 5; i++) {
            assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[100_000]))
                            .worker())
                    .isEqualTo("friend");
        }
        assertThat(queue.workers()).extracting(WorkerStatus::name).containsExactly("friend");
    }

    @Test
    void aWorkerDoesNotTalkToAQueueThatItDoesNotTrust() throws Exception {
        JobQueue queue = opened.add(JobQueue.builder()
                .listen(SECURE)
                .tls(config("stranger").build())
                .open());
        Worker cautious = worker(
                "cautious",
                Worker.builder().connect(queue.workUrls().get(0)).tls(trusting().build()));
        Worker local = worker("local", Worker.builder().queue(queue));
        assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[0])).worker())
                .isEqualTo(local.name());
        assertThat(queue.workers()).extracting(WorkerStatus::name).doesNotContain(cautious.name());
    }

    @Test
    void aWorkerWithTheTokenComesInAndOthersAreDenied() throws Exception {
        JobQueue queue = opened.add(JobQueue.builder()
                .listen(SECURE)
                .tls(config("queue").build())
                .token(TOKEN)
                .open());
        Worker.Builder toQueue =
                Worker.builder().connect(queue.workUrls().get(0)).tls(trusting().build());
        worker("none", toQueue);
        worker("wrong", toQueue.token("another secret of many characters"));
        worker("right", toQueue.token(TOKEN));
        for (int i = 0; i < 5; i++) {
            assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[100_000]))
                            .worker())
                    .isEqualTo("right");
        }
        assertThat(queue.workers()).extracting(WorkerStatus::name).containsExactly("right");
    }

    @Test
    void aWorkerOfTheSameProcessKnowsTheTokenOrIsDenied() throws Exception {
        JobQueue queue = opened.add(JobQueue.builder().token(TOKEN).open());
        worker("stranger", Worker.builder().connect(queue.workUrls().get(0)));
        worker("inside", Worker.builder().queue(queue));
        for (int i = 0; i < 10; i++) {
            assertThat(JobQueueTest.finished(queue, queue.submit("x", new byte[0]))
                            .worker())
                    .isEqualTo("inside");
        }
        assertThat(queue.workers()).extracting(WorkerStatus::name).containsExactly("inside");
    }

    @Test
    void eventsTravelSecurelyAsWell() throws Exception {
        JobQueue queue = opened.add(JobQueue.builder()
                .events(SECURE)
                .tls(config("queue").authMode(TlsAuthMode.REQUIRED).build())
                .open());
        Monitor monitor = opened.add(Monitor.builder(queue.eventUrls().get(0))
                .tls(config("worker").build())
                .start());
        await().until(() -> monitor.queue().isPresent());
    }

    @Test
    void anAddressThatIsNotSecureIsRefusedBeforeAnyIsBound() {
        JobQueue busy =
                opened.add(JobQueue.builder().events("tcp://127.0.0.1:0").open());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder()
                        .events(busy.eventUrls().get(0))
                        .listen("tcp://0.0.0.0:0")
                        .open())
                .withMessageContaining("tcp://0.0.0.0:0 is not secure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://0.0.0.0:0", "tcp://[::]:0", "tcp://198.51.100.7:1", "ws://0.0.0.0:0/x"})
    void plainTcpBeyondLoopbackIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder().listen(url).token(TOKEN).open())
                .withMessageContaining("tls+tcp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder().events(url).open());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worker.builder()
                        .connect(url)
                        .token(TOKEN)
                        .handle("x", job -> {})
                        .start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Monitor.builder(url).start());
    }

    @Test
    void beyondLoopbackTlsAloneIsNotEnough() {
        String everywhere = "tls+tcp://0.0.0.0:0";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder()
                        .listen(everywhere)
                        .tls(config("queue").build())
                        .open())
                .withMessageContaining("certificates");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder()
                        .events(everywhere)
                        .tls(config("queue").build())
                        .token(TOKEN)
                        .open());
    }

    @Test
    void tlsNeedsAConfiguration() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobQueue.builder().listen(SECURE).open())
                .withMessageContaining("TLS configuration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Worker.builder()
                        .connect("tls+tcp://127.0.0.1:1")
                        .handle("x", job -> {})
                        .start());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:0", "tcp://localhost:0", "tcp4://127.0.0.1:0", "inproc://access-test"})
    void whatStaysOnTheMachineNeedsNothing(String url) {
        assertThatCode(() -> JobQueue.builder().listen(url).open().close()).doesNotThrowAnyException();
    }

    @Test
    void aTokenIsLongAndNotShown() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Access(null, "short"));
        assertThat(new Access(null, TOKEN).toString()).doesNotContain(TOKEN);
    }

    private static TlsConfig.Builder trusting() {
        return TlsConfig.builder().ca(CERTIFICATES.resolve("ca.pem"));
    }

    private static TlsConfig.Builder config(String name) {
        return trusting().certificate(CERTIFICATES.resolve(name + ".pem"), CERTIFICATES.resolve(name + ".key"));
    }

    private Worker worker(String name, Worker.Builder builder) {
        return opened.add(builder.name(name).handle("x", job -> {}).start());
    }
}
