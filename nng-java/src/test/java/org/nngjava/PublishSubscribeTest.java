package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class PublishSubscribeTest {
    private final String url = "inproc://" + UUID.randomUUID();

    @Test
    void aSubscriberReceivesWhatBeginsWithItsTopics() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            connect(pub, sub);
            sub.subscribe("job/");
            pub.send("other/1".getBytes(UTF_8));
            pub.send("job/1".getBytes(UTF_8));
            try (Message message = sub.receive(Duration.ofSeconds(5))) {
                assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("job/1");
            }
        }
    }

    @Test
    void aTopicIsMatchedByItsBytesAlone() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            connect(pub, sub);
            sub.subscribe(new byte[] {0, (byte) 0xff});
            pub.send(new byte[] {0, 1});
            pub.send(new byte[] {0, (byte) 0xff, 2});
            try (Message message = sub.receive(Duration.ofSeconds(5))) {
                assertThat(message.toByteArray()).containsExactly(0, 0xff, 2);
            }
        }
    }

    @Test
    void afterUnsubscribingNothingMoreIsReceived() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open()) {
            connect(pub, sub);
            sub.subscribe("a");
            sub.subscribe("b");
            sub.unsubscribe("a");
            pub.send("a".getBytes(UTF_8));
            pub.send("b".getBytes(UTF_8));
            assertThat(sub.receiveBytes()).asString(UTF_8).isEqualTo("b");
            assertThatThrownBy(() -> sub.unsubscribe("never")).hasMessageContaining("ENOENT");
        }
    }

    @Test
    void contextsHaveTopicsOfTheirOwn() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open();
                SubContext apples = sub.openContext();
                SubContext all = sub.openContext()) {
            connect(pub, sub);
            apples.subscribe("apples/");
            all.subscribe("");
            pub.send("pears/1".getBytes(UTF_8));
            pub.send("apples/1".getBytes(UTF_8));
            assertThat(apples.receiveBytes()).asString(UTF_8).isEqualTo("apples/1");
            assertThat(all.receiveBytes()).asString(UTF_8).isEqualTo("pears/1");
            assertThat(all.receiveBytes()).asString(UTF_8).isEqualTo("apples/1");
            assertThat(sub.tryReceive()).isEmpty();

            apples.unsubscribe("apples/");
            assertThatThrownBy(() -> apples.unsubscribe("apples/")).hasMessageContaining("ENOENT");
            sub.subscribe("apples/");
            pub.send("apples/2".getBytes(UTF_8));
            assertThat(sub.receiveBytes()).asString(UTF_8).isEqualTo("apples/2");
            assertThat(apples.tryReceive()).isEmpty();
        }
    }

    @Test
    void whatAContextReceivesIsItsOwn() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open();
                SubContext context = sub.openContext()) {
            connect(pub, sub);
            sub.subscribe("");
            context.subscribe("");
            pub.send("shared".getBytes(UTF_8));
            try (Message one = sub.receive(Duration.ofSeconds(5));
                    Message other = context.receive(Duration.ofSeconds(5))) {
                one.body().put(0, (byte) 'X');
                assertThat(other.toByteArray()).asString(UTF_8).isEqualTo("shared");
            }
        }
    }

    @Test
    void aFullSubscriberKeepsTheNewestOrTheOldest() {
        try (PubSocket pub = PubSocket.open();
                SubSocket sub = SubSocket.open();
                SubContext newest = sub.openContext();
                SubContext oldest = sub.openContext()) {
            connect(pub, sub);
            oldest.set(NngOptions.SUB_PREFER_NEW, false);
            for (SubContext context : new SubContext[] {newest, oldest}) {
                context.set(NngOptions.RECV_BUFFER, 2);
                context.subscribe("");
            }
            sub.subscribe("last");
            for (String text : new String[] {"1", "2", "3", "last"}) {
                pub.send(text.getBytes(UTF_8));
            }
            sub.receive(Duration.ofSeconds(5)).close(); // then the others have it as well, or have lost it
            assertThat(newest.receiveBytes()).asString(UTF_8).isEqualTo("3");
            assertThat(newest.receiveBytes()).asString(UTF_8).isEqualTo("last");
            assertThat(oldest.receiveBytes()).asString(UTF_8).isEqualTo("1");
            assertThat(oldest.receiveBytes()).asString(UTF_8).isEqualTo("2");
        }
    }

    @Test
    void publishingNeverWaitsForASubscriber() {
        try (PubSocket pub = PubSocket.open();
                SubSocket idle = SubSocket.open()) {
            connect(pub, idle);
            idle.subscribe("");
            for (int i = 0; i < 10_000; i++) {
                pub.send(new byte[100]);
            }
        }
    }

    private void connect(PubSocket pub, SubSocket sub) {
        Queue<PipeEvent> events = new ConcurrentLinkedQueue<>();
        pub.onPipe((event, pipe) -> events.add(event));
        pub.listen(url);
        sub.dial(url);
        await().until(() -> events.contains(PipeEvent.ADD_POST));
    }
}
