package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A tutorial, to be read from top to bottom: each test is a step, and runs. Where a step says more than you want to know now, go on
 * to the next; {@code docs/nng} has the rest, by concept.
 */
@TestMethodOrder(OrderAnnotation.class)
class TutorialTest {
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    @Test
    @Order(1)
    void oneAsksAndTheOtherAnswers() {
        // There is a class for each role in a protocol. One that asks, and one that answers:
        try (RepSocket server = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            // Either side may listen and the other dial; that has nothing to do with who asks. The port 0 lets the
            // system
            // pick one, and the listener says which.
            Listener listener = server.listen("tcp://127.0.0.1:0");
            client.dial(listener.url());

            // The simplest form of all: bytes out, bytes in, and the thread waits.
            client.send("what is the answer?".getBytes(UTF_8));
            assertThat(server.receiveBytes()).asString(UTF_8).isEqualTo("what is the answer?");
            server.send("42".getBytes(UTF_8));
            assertThat(client.receiveBytes()).asString(UTF_8).isEqualTo("42");

            // A protocol has rules. REQ asks before it listens, and the error says what went wrong with which socket.
            assertThatThrownBy(client::receive).isInstanceOf(NngException.class).hasMessageContaining("ESTATE");
        }
        // Closing a socket closes its connections and ends whatever waits on it, with an NngClosedException.
    }

    @Test
    @Order(2)
    void aMessageIsMemoryWithAnOwner() {
        // Bytes are copied between Java and NNG. A Message is NNG's own memory, and body() a view of it: nothing is
        // copied.
        Message message =
                Message.allocate(0).append("world".getBytes(UTF_8)).insert("hello, ".getBytes(UTF_8)); // at the front
        ByteBuffer body = message.body();
        assertThat(text(body)).isEqualTo("hello, world");
        message.trim(7); // off the front; chop() takes from the end
        assertThat(text(message.body())).isEqualTo("world");

        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open()) {
            right.dial(left.listen("inproc://tutorial-messages").url());

            // Sending gives the message away. Whoever has it now frees it; it is of no use here any more.
            left.send(message);
            assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);

            // What you receive is yours, until you close it or send it on.
            try (Message received = right.receive()) {
                assertThat(received.size()).isEqualTo(5);
            }
        }
    }

    @Test
    @Order(3)
    void nobodyHasToWaitForLongerThanTheyLike() {
        try (PullSocket pull = PullSocket.open()) {
            pull.listen("inproc://tutorial-waiting");

            // A time-out for one call, or for all calls of a socket; without one a call waits for ever.
            assertThatThrownBy(() -> pull.receive(Duration.ofMillis(10))).isInstanceOf(NngTimeoutException.class);
            pull.set(NngOptions.RECV_TIMEOUT, Duration.ofMillis(10));
            assertThatThrownBy(pull::receive).isInstanceOf(NngTimeoutException.class);

            // What is there now, or nothing:
            assertThat(pull.tryReceive()).isEmpty();

            // And interrupting the thread ends its call at once. No message is lost: it waits for the next who asks.
            pull.set(NngOptions.RECV_TIMEOUT, NngOptions.INFINITE);
            Thread.currentThread().interrupt();
            assertThatThrownBy(pull::receive).isInstanceOf(NngInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    @Order(4)
    void manyQuestionsGoOverOneSocket() throws Exception {
        try (RepSocket server = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            client.dial(server.listen("inproc://tutorial-questions").url());

            // send() and receive() of a REQ socket have one question under way. request() and requestAsync() have any
            // number.
            CompletableFuture<Message> first = client.requestAsync(Message.of("1".getBytes(UTF_8)));
            CompletableFuture<Message> second = client.requestAsync(Message.of("2".getBytes(UTF_8)));

            // The server gets requests as objects, each to be answered once, at any time, from any thread.
            List<Request> requests = new ArrayList<>();
            requests.add(server.receiveRequest());
            requests.add(server.receiveRequest());
            for (Request request : requests) {
                request.reply(("reply to " + text(request.message())).getBytes(UTF_8));
            }
            assertThat(text(first.get())).isEqualTo("reply to 1");
            assertThat(text(second.get())).isEqualTo("reply to 2");

            // A server is mostly written like this. The handler runs when a request has come, and close() ends it.
            try (Transfer serving = server.onRequest(request -> {
                request.reply("at once".getBytes(UTF_8));
                request.close();
            })) {
                try (Message reply = client.request(Message.of(new byte[0]), FIVE_SECONDS)) {
                    assertThat(reply.toByteArray()).asString(UTF_8).isEqualTo("at once");
                }
                assertThat(serving.done()).isNotDone();
            }
        }
    }

    @Test
    @Order(5)
    void oneSpeaksAndManyListen() {
        try (PubSocket station = PubSocket.open();
                SubSocket weather = SubSocket.open();
                SubSocket all = SubSocket.open()) {
            String url = station.listen("inproc://tutorial-news").url();

            // A subscription is a prefix of the messages that one wants. Subscribe first, then connect.
            weather.subscribe("weather/");
            all.subscribe("");
            weather.dial(url);
            all.dial(url);

            // A publisher waits for nobody: what it sends before a subscriber is there, that one never gets. Where this
            // matters, wait for the peers, and never for a second or two.
            station.awaitPeers(2, FIVE_SECONDS);
            station.send("traffic/none".getBytes(UTF_8));
            station.send("weather/rain".getBytes(UTF_8));

            assertThat(weather.receiveBytes()).asString(UTF_8).isEqualTo("weather/rain");
            assertThat(all.receiveBytes()).asString(UTF_8).isEqualTo("traffic/none");
            assertThat(all.receiveBytes()).asString(UTF_8).isEqualTo("weather/rain");
        }
    }

    @Test
    @Order(6)
    void workIsSharedOut() throws Exception {
        try (PushSocket boss = PushSocket.open();
                PullSocket ann = PullSocket.open();
                PullSocket bob = PullSocket.open()) {
            String url = boss.listen("inproc://tutorial-work").url();
            BlockingQueue<String> done = new LinkedBlockingQueue<>();

            // A handler gets one message after the other, and owns none: it is closed when the handler returns.
            // While a handler is busy nothing more is received for it, and in the end the boss's send() waits:
            // backpressure.
            ann.onReceive(message -> done.add("ann did " + text(message.body())));
            bob.onReceive(message -> done.add("bob did " + text(message.body())));
            ann.dial(url);
            bob.dial(url);
            boss.awaitPeers(2, FIVE_SECONDS);

            boss.send("this".getBytes(UTF_8));
            boss.send("that".getBytes(UTF_8));
            List<String> both = List.of(done.take(), done.take());
            assertThat(both).anyMatch(line -> line.startsWith("ann")).anyMatch(line -> line.startsWith("bob"));
        }
    }

    @Test
    @Order(7)
    void manyAreAskedAndAnswerInTime() {
        try (SurveyorSocket chair = SurveyorSocket.open();
                RespondentSocket ann = RespondentSocket.open();
                RespondentSocket bob = RespondentSocket.open()) {
            String url = chair.listen("inproc://tutorial-survey").url();
            ann.onSurvey(survey -> survey.respond("aye".getBytes(UTF_8)));
            bob.onSurvey(survey -> survey.respond("no".getBytes(UTF_8)));
            ann.dial(url);
            bob.dial(url);
            chair.awaitPeers(2, FIVE_SECONDS);

            // The answers are a stream, which ends at the deadline, since nobody knows how many there will be. Whoever
            // does know takes as many, and closes it.
            try (Stream<Message> answers = chair.survey(Message.of("shall we?".getBytes(UTF_8)), FIVE_SECONDS)) {
                assertThat(answers.limit(2).map(TutorialTest::text)).containsExactlyInAnyOrder("aye", "no");
            }
        }
    }

    @Test
    @Order(8)
    void oneThreadWatchesManySockets() {
        try (Poller poller = Poller.open();
                PullSocket orders = PullSocket.open();
                SubSocket news = SubSocket.open();
                PushSocket customer = PushSocket.open()) {
            customer.dial(orders.listen("inproc://tutorial-orders").url());
            news.subscribe("");
            news.listen("inproc://tutorial-more-news");

            // No thread for each socket, no callbacks: one loop, as with java.nio.channels.Selector.
            poller.register(orders, Readiness.RECEIVE);
            poller.register(news, Readiness.RECEIVE);
            customer.send("one GIF".getBytes(UTF_8));

            List<PollKey> ready = poller.select(FIVE_SECONDS);
            assertThat(ready).singleElement().extracting(PollKey::socket).isSameAs(orders);
            assertThat(orders.tryReceive())
                    .hasValueSatisfying(message -> assertThat(text(message)).isEqualTo("one GIF"));
        }
    }

    @Test
    @Order(9)
    void connectionsComeAndGo() throws Exception {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            // dial() says at once that nobody listens; dialAsync() keeps trying, and connects again whenever the
            // connection
            // is lost, as dial() does after its first success. So it does not matter which process is started first.
            assertThatThrownBy(() -> push.dial("inproc://tutorial-late")).isInstanceOf(NngRefusedException.class);

            // Options that have to be set first are set on a dialer or listener that is not started yet.
            Dialer dialer = push.dialer("inproc://tutorial-late");
            dialer.set(NngOptions.RECONNECT_MIN, Duration.ofMillis(10));
            dialer.startAsync();

            // Each connection is a pipe. You may watch them, and refuse those that you do not like.
            BlockingQueue<PipeEvent> events = new LinkedBlockingQueue<>();
            pull.onPipe((event, pipe) -> events.add(event));
            pull.acceptPipes(pipe -> pipe.listener().isPresent());
            pull.listen("inproc://tutorial-late");
            push.awaitPeers(1, FIVE_SECONDS);

            push.send("hello".getBytes(UTF_8));
            assertThat(pull.receiveBytes()).hasSize(5);
            assertThat(events.take()).isEqualTo(PipeEvent.ADD_POST);
        }
    }

    @Test
    @Order(10)
    void nobodyReadsAlong() {
        // Certificates are PEM text, as here, or files: that of the authority, and what it signed for the server.
        Certificates authority = new Certificates("an authority");
        Certificates.Identity identity = authority.issue("a server", "localhost");
        TlsConfig serverTls = TlsConfig.builder()
                .certificate(identity.certificate(), identity.key())
                .build();
        TlsConfig clientTls = TlsConfig.builder().ca(authority.pem()).build();

        try (RepSocket server = RepSocket.open();
                ReqSocket client = ReqSocket.open()) {
            // The certificate has to be for the host in the address that the client dials.
            client.dial(server.listen("tls+tcp://localhost:0", serverTls).url(), clientTls);
            client.send("a secret".getBytes(UTF_8));
            assertThat(server.receiveBytes()).asString(UTF_8).isEqualTo("a secret");
        }
    }

    private static String text(Message message) {
        try (message) {
            return text(message.body());
        }
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
