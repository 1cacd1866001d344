package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** The forms in which bytes come: arrays, and buffers in heap and out of it, read only too. */
    static Stream<Function<byte[], ByteBuffer>> buffers() {
        return Stream.of(
                ByteBuffer::wrap,
                bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                bytes -> ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(),
                bytes -> ByteBuffer.allocateDirect(bytes.length + 2)
                        .put((byte) 0)
                        .put(bytes)
                        .flip()
                        .position(1)
                        .slice(),
                bytes -> ByteBuffer.allocateDirect(bytes.length + 2)
                        .put((byte) 0)
                        .put(bytes)
                        .flip()
                        .position(1)
                        .asReadOnlyBuffer());
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void bytesOfABufferAreAddedAtBothEnds(Function<byte[], ByteBuffer> buffer) {
        ByteBuffer first = buffer.apply("ab".getBytes(UTF_8));
        ByteBuffer last = buffer.apply("efg".getBytes(UTF_8));
        try (Message message = Message.of(buffer.apply("cd".getBytes(UTF_8)))) {
            message.insert(first).append(last).append(buffer.apply(new byte[0])).insert(buffer.apply(new byte[0]));
            assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("abcdefg");
            assertThat(first.hasRemaining() || last.hasRemaining()).isFalse();
        }
    }

    @Test
    void aMessageMayBeAddedToItself() {
        try (Message message = Message.of("abc".getBytes(UTF_8))) {
            for (int i = 0; i < 8; i++) { // until it has been moved, and more than once
                message.append(message.body()).insert(message.body().limit(1));
            }
            assertThat(message.toByteArray())
                    .asString(UTF_8)
                    .startsWith("aaaaaaaa")
                    .endsWith("bc")
                    .hasSize(3 * 256 + 255);
        }
    }

    @Test
    void aBodyIsMadeLongerAndShorter() {
        try (Message message = Message.of("abc".getBytes(UTF_8))) {
            message.resize(5000);
            assertThat(message.size()).isEqualTo(5000);
            message.body().putLong(4992, 0x0102030405060708L);
            assertThat(message.body().get(4999)).isEqualTo((byte) 8);
            assertThat(message.resize(2).toByteArray()).asString(UTF_8).isEqualTo("ab");
            assertThat(message.clear().size()).isZero();
            assertThat(message.append("new".getBytes(UTF_8)).toByteArray())
                    .asString(UTF_8)
                    .isEqualTo("new");
        }
    }

    @Test
    void aBodyGrowsInPlaceUpToItsCapacity() {
        try (Message message = Message.of(new byte[10]).reserve(10_000)) {
            assertThat(message.capacity()).isGreaterThanOrEqualTo(10_000);
            assertThat(message.size()).isEqualTo(10);
            ByteBuffer before = message.body();
            message.resize(10_000).body().put(0, (byte) 7);
            assertThat(before.get(0)).isEqualTo((byte) 7);
            assertThat(message.reserve(5).size()).isEqualTo(10_000);
        }
    }

    @Test
    void theHeaderIsChangedAtBothEnds() {
        try (Message message = Message.of(new byte[] {9})) {
            message.appendHeader(new byte[] {3, 4})
                    .insertHeader(new byte[] {1, 2})
                    .appendHeader(new byte[] {5});
            assertThat(message.headerBytes()).containsExactly(1, 2, 3, 4, 5);
            message.trimHeader(1).chopHeader(2);
            assertThat(message.headerBytes()).containsExactly(2, 3);
            assertThatThrownBy(() -> message.trimHeader(3)).hasMessageContaining("trim 3 bytes of the header");
            assertThatThrownBy(() -> message.chopHeader(3)).hasMessageContaining("EINVAL");
            assertThatThrownBy(() -> message.trimHeader(-1)).isInstanceOf(IllegalArgumentException.class);
            message.appendHeader(new byte[62]);
            assertThatThrownBy(() -> message.appendHeader(new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> message.insertHeader(new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThat(message.headerBytes()).startsWith(2, 3).hasSize(64);
            assertThat(message.clearHeader().header().hasRemaining()).isFalse();
            assertThat(message.toByteArray()).containsExactly(9);
        }
    }

    @Test
    void aPartOfAFileIsReadIntoABody(@TempDir Path directory) throws Exception {
        Path path = Files.write(directory.resolve("file"), "0123456789".getBytes(UTF_8));
        try (FileChannel file = FileChannel.open(path)) {
            try (Message message = Message.of(file, 3, 4)) {
                assertThat(message.toByteArray()).asString(UTF_8).isEqualTo("3456");
            }
            try (Message message = Message.of(file, 10, 0)) {
                assertThat(message.size()).isZero();
            }
            assertThat(file.position()).isZero();
            assertThatThrownBy(() -> Message.of(file, 8, 4))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the file ends after 2 of 4 bytes at position 8");
            assertThatThrownBy(() -> Message.of(file, -1, 4)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Message.of(file, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void buffersAndPartsOfFilesAreSent(@TempDir Path directory) throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        Path path = Files.write(directory.resolve("file"), large);
        try (PairSocket left = PairSocket.open();
                PairSocket right = PairSocket.open();
                FileChannel file = FileChannel.open(path)) {
            Peers.connect(left, right, "tcp://127.0.0.1:0");
            ByteBuffer buffer = ByteBuffer.wrap("abc".getBytes(UTF_8)).position(1);
            left.send(buffer);
            assertThat(right.receiveBytes()).asString(UTF_8).isEqualTo("bc");
            assertThat(buffer.hasRemaining()).isFalse();
            left.send(file, 1, large.length - 1);
            assertThat(right.receiveBytes()).isEqualTo(Arrays.copyOfRange(large, 1, large.length));
            assertThatThrownBy(() -> left.send(file, 1, large.length)).isInstanceOf(EOFException.class);
            assertThat(right.tryReceive()).isEmpty();
        }
    }

    @Test
    void aBufferThatIsNotSentIsNotConsumed() {
        try (PairSocket alone = PairSocket.open()) {
            alone.set(NngOptions.SEND_TIMEOUT, Duration.ofMillis(10));
            ByteBuffer buffer = ByteBuffer.allocateDirect(10).position(3);
            assertThatThrownBy(() -> alone.send(buffer)).isInstanceOf(NngTimeoutException.class);
            assertThat(buffer.position()).isEqualTo(3);
        }
    }

    @Test
    void aDetachedMessageIsAnotherObject() {
        Message message = Message.of(new byte[] {1});
        try (Message detached = message.detach()) {
            assertThatThrownBy(message::size).isInstanceOf(IllegalStateException.class);
            message.close();
            assertThat(detached.toByteArray()).containsExactly(1);
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
