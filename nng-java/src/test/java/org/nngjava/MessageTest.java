package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

    @Test
    void theBodyIsAViewOfNativeMemory() {
        try (Message message = Message.of("abc".getBytes(UTF_8))) {
            message.body().put(1, (byte) 'X');
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("aXc");
            assertThat(message.body().isDirect()).isTrue();
        }
    }

    @Test
    void bytesAreAddedAndRemovedAtBothEnds() {
        try (Message message = Message.of("bc".getBytes(UTF_8))) {
            message.insert("a".getBytes(UTF_8))
                    .append("def".getBytes(UTF_8))
                    .trim(1)
                    .chop(2);
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("bcd");
            assertThat(message.size()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 33, 64, 65, 5000})
    void bytesOfAnyNumberArePutInFront(int number) {
        byte[] front = new byte[number];
        Arrays.fill(front, (byte) 'f');
        byte[] body = new byte[100];
        Arrays.fill(body, (byte) 'b');
        try (Message message = Message.of(body).insert(front)) {
            assertThat(message.toByteArray()).startsWith(front).endsWith(body).hasSize(100 + number);
        }
    }

    @Test
    void aHeaderThatIsTooLongLeavesTheOldOne() {
        try (Message message = Message.allocate(0).setHeader(new byte[] {1})) {
            assertThatThrownBy(() -> message.setHeader(new byte[65])).isInstanceOf(IllegalArgumentException.class);
            assertThat(message.headerBytes()).containsExactly(1);
        }
    }

    @Test
    void moreThanThereIsCannotBeRemoved() {
        try (Message message = Message.of(new byte[2])) {
            assertThatThrownBy(() -> message.trim(3)).hasMessageContaining("trim 3 bytes");
            assertThatThrownBy(() -> message.chop(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(message.size()).isEqualTo(2);
        }
    }

    @Test
    void aBufferIsCopiedFromItsPositionToItsLimit() {
        ByteBuffer source =
                ByteBuffer.wrap("abcdef".getBytes(UTF_8)).position(2).limit(5);
        try (Message message = Message.of(source)) {
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("cde");
            assertThat(source.hasRemaining()).isFalse();
        }
    }

    @Test
    void aDuplicateHasMemoryOfItsOwn() {
        try (Message message = Message.of("abc".getBytes(UTF_8));
                Message copy = message.duplicate()) {
            copy.body().put(0, (byte) 'X');
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("abc");
        }
    }

    @Test
    void theHeaderIsApartFromTheBody() {
        try (Message message = Message.of(new byte[] {9})) {
            assertThat(message.headerBytes()).isEmpty();
            message.setHeader(new byte[] {1, 2, 3, 4});
            message.setHeader(new byte[] {5, 6, 7, 8});
            assertThat(message.headerBytes()).containsExactly(5, 6, 7, 8);
            assertThat(message.header().getInt()).isEqualTo(0x05060708);
            assertThat(message.toByteArray()).containsExactly(9);
        }
    }

    @Test
    void anEmptyMessageIsAMessage() {
        try (Message message = Message.allocate(0)) {
            assertThat(message.size()).isZero();
            assertThat(message.body().hasRemaining()).isFalse();
            assertThat(message.toByteArray()).isEmpty();
            assertThat(message.pipe()).isEmpty();
        }
    }

    @Test
    void aClosedMessageRefusesAllUse() {
        Message message = Message.of(new byte[1]);
        message.close();
        message.close();
        assertThatThrownBy(message::body).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> message.append(new byte[1])).isInstanceOf(IllegalStateException.class);
        try (PubSocket pub = PubSocket.open()) {
            assertThatThrownBy(() -> pub.send(message)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(message).hasToString("Message[sent or closed]");
    }

    @Test
    void aNegativeSizeIsRefused() {
        assertThatThrownBy(() -> Message.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
