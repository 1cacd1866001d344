package org.nngjava;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Optional;
import org.nngjava.internal.NativeMemory;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * A message: a body, and for raw sockets a header. Its memory is NNG's and is reached without copying.
 *
 * <p>A message has one owner at a time. Sending it successfully gives it to NNG, after which it can no longer be used; after a
 * failed blocking send it is still the caller's. Whoever owns it closes it. Not for use by several threads at once.
 */
public final class Message implements AutoCloseable {
    private static final NngApi NNG = NngLibrary.api();
    private static final VarHandle POINTER;
    private static final int MAX_HEADER = 64;

    static {
        try {
            POINTER = MethodHandles.lookup().findVarHandle(Message.class, "pointer", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The {@code nng_msg}, or 0 when the message belongs to NNG or is freed. */
    @SuppressWarnings("unused")
    private volatile long pointer;

    /** Of a message that is used again for others, else null. */
    private final Views views;

    /** Frees the message if it is forgotten; null unless leaks are detected. */
    private final ForgottenMessage forgotten;

    private Message(long pointer) {
        this(pointer, null);
    }

    private Message(long pointer, Views views) {
        this.pointer = pointer;
        this.views = views;
        this.forgotten = Leaks.DETECTED ? new ForgottenMessage(this, pointer) : null;
    }

    /** An empty one, for native messages one after the other: {@link #restore}. */
    static Message reusable() {
        return new Message(0, new Views());
    }

    /** Takes over a native message. */
    static Message received(long pointer) {
        return new Message(pointer);
    }

    /**
     * A message with a body of {@code size} zero bytes.
     *
     * @throws NngException if there is no memory
     */
    public static Message allocate(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("negative size: " + size);
        }
        long[] out = new long[1];
        int code = NNG.nng_msg_alloc(out, size);
        if (code != 0) {
            throw NngException.of("allocate a message of " + size + " bytes", code);
        }
        return new Message(out[0]);
    }

    /** A message whose body is a copy of {@code body}. */
    public static Message of(byte[] body) {
        Message message = allocate(Objects.requireNonNull(body, "body").length);
        NativeMemory.write(NNG.nng_msg_body(message.pointer), body, 0, body.length);
        return message.intact();
    }

    /** A message whose body is a copy of the buffer's remaining bytes, which are consumed. */
    public static Message of(ByteBuffer body) {
        Message message = allocate(Objects.requireNonNull(body, "body").remaining());
        message.body().put(body);
        return message;
    }

    /**
     * A message whose body is a part of a file: {@code count} bytes from {@code position} on, read straight into it. The position of
     * the channel stays as it is. An interrupt meanwhile closes the channel, as it always does with a {@link FileChannel}.
     *
     * @throws EOFException if the file ends before the part does
     * @throws IOException if the file cannot be read
     */
    public static Message of(FileChannel file, long position, int count) throws IOException {
        Objects.requireNonNull(file, "file");
        if (position < 0) {
            throw new IllegalArgumentException("negative position: " + position);
        }
        Message message = allocate(count);
        try {
            ByteBuffer body = message.body();
            while (body.hasRemaining()) {
                if (file.read(body, position + body.position()) < 0) {
                    throw new EOFException("the file ends after " + body.position() + " of " + count
                            + " bytes at position " + position);
                }
            }
            return message;
        } catch (IOException | RuntimeException e) {
            message.close();
            throw e;
        }
    }

    /** The number of bytes of the body. */
    public int size() {
        long size = NNG.nng_msg_len(owned());
        intact();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalStateException("a body of " + size + " bytes is too large for a buffer");
        }
        return (int) size;
    }

    /**
     * The body itself, not a copy: valid until the message is changed, sent or closed. Using it after that reads or overwrites memory
     * of others, or ends the process.
     */
    public ByteBuffer body() {
        int size = size();
        long address = NNG.nng_msg_body(owned());
        return views == null ? view(address, size) : views.view(address, size);
    }

    /** A copy of the body. */
    public byte[] toByteArray() {
        byte[] copy = new byte[size()];
        NativeMemory.read(NNG.nng_msg_body(owned()), copy);
        intact();
        return copy;
    }

    /** Adds bytes at the end of the body. */
    public Message append(byte[] data) {
        Objects.requireNonNull(data, "data");
        requireRoom(data.length);
        int code = NNG.nng_msg_append(owned(), data, data.length);
        if (code != 0) {
            throw NngException.of("append " + data.length + " bytes", code);
        }
        return intact();
    }

    /** Adds the buffer's remaining bytes, which are consumed, at the end of the body. */
    public Message append(ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        int before = size();
        ByteBuffer source = outside(data);
        int length = source.remaining();
        requireRoom(length);
        resize(before + length);
        body().position(before).put(source);
        data.position(data.limit());
        return this;
    }

    /** Puts bytes in front of the body. */
    public Message insert(byte[] data) {
        return insert(ByteBuffer.wrap(Objects.requireNonNull(data, "data")));
    }

    /** Puts the buffer's remaining bytes, which are consumed, in front of the body. */
    public Message insert(ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        // Not by nng_msg_insert: in 1.5.2 it writes past the end of its buffer when it moves the body.
        int before = size();
        ByteBuffer source = outside(data);
        int length = source.remaining();
        requireRoom(length);
        resize(before + length);
        ByteBuffer body = body();
        body.put(length, body, 0, before).put(source);
        data.position(data.limit());
        return this;
    }

    /** Removes bytes from the front of the body. */
    public Message trim(int bytes) {
        NngException.check(NNG.nng_msg_trim(owned(), notNegative(bytes)), "trim " + bytes + " bytes");
        return intact();
    }

    /** Removes bytes from the end of the body. */
    public Message chop(int bytes) {
        NngException.check(NNG.nng_msg_chop(owned(), notNegative(bytes)), "chop " + bytes + " bytes");
        return intact();
    }

    /** Removes all bytes of the body; the header stays. */
    public Message clear() {
        NNG.nng_msg_clear(owned());
        return intact();
    }

    /** Makes the body longer or shorter at its end. What the new bytes hold is not defined. */
    public Message resize(int size) {
        NngException.check(NNG.nng_msg_realloc(owned(), notNegative(size)), "resize to " + size + " bytes");
        return intact();
    }

    /** Makes sure that the body can grow at its end to {@code capacity} bytes without being moved. */
    public Message reserve(int capacity) {
        NngException.check(NNG.nng_msg_reserve(owned(), notNegative(capacity)), "reserve " + capacity + " bytes");
        return intact();
    }

    /** To how many bytes the body can grow at its end without being moved. */
    public long capacity() {
        long capacity = NNG.nng_msg_capacity(owned());
        intact();
        return capacity;
    }

    /**
     * The header itself, not a copy: valid until the header is changed, or the message sent or closed. What is sent to the peer in front of the
     * body; only raw sockets have one to show, and leave it to the program.
     */
    public ByteBuffer header() {
        int length = headerLength();
        return view(NNG.nng_msg_header(owned()), length);
    }

    /** A copy of the header: what a raw REP socket needs to answer later, on a message of its own. */
    public byte[] headerBytes() {
        byte[] copy = new byte[headerLength()];
        NativeMemory.read(NNG.nng_msg_header(owned()), copy);
        intact();
        return copy;
    }

    /** Replaces the header, by at most 64 bytes. */
    public Message setHeader(byte[] header) {
        requireHeader(Objects.requireNonNull(header, "header").length);
        return clearHeader().appendHeader(header);
    }

    /** Adds bytes at the end of the header, which has at most 64. */
    public Message appendHeader(byte[] data) {
        Objects.requireNonNull(data, "data");
        requireHeader(headerLength() + data.length);
        NngException.check(NNG.nng_msg_header_append(owned(), data, data.length), "append to the header");
        return intact();
    }

    /** Puts bytes in front of the header, which has at most 64. */
    public Message insertHeader(byte[] data) {
        Objects.requireNonNull(data, "data");
        requireHeader(headerLength() + data.length);
        NngException.check(NNG.nng_msg_header_insert(owned(), data, data.length), "insert into the header");
        return intact();
    }

    /** Removes bytes from the front of the header. */
    public Message trimHeader(int bytes) {
        NngException.check(
                NNG.nng_msg_header_trim(owned(), notNegative(bytes)), "trim " + bytes + " bytes of the header");
        return intact();
    }

    /** Removes bytes from the end of the header. */
    public Message chopHeader(int bytes) {
        NngException.check(
                NNG.nng_msg_header_chop(owned(), notNegative(bytes)), "chop " + bytes + " bytes of the header");
        return intact();
    }

    /** Removes the header. */
    public Message clearHeader() {
        NNG.nng_msg_header_clear(owned());
        return intact();
    }

    /** A copy with memory of its own. */
    public Message duplicate() {
        long[] out = new long[1];
        NngException.check(NNG.nng_msg_dup(out, owned()), "duplicate a message");
        intact();
        return new Message(out[0]);
    }

    /** The pipe on which it was received; empty for a message made here. */
    public Optional<Pipe> pipe() {
        int id = NNG.nng_msg_get_pipe(owned());
        intact();
        return id <= 0 ? Optional.empty() : Optional.of(new Pipe(id));
    }

    /** Chooses the peer that it is for, where the protocol lets choose: a polyamorous {@link PairSocket}. */
    public Message setPipe(Pipe pipe) {
        NNG.nng_msg_set_pipe(owned(), Objects.requireNonNull(pipe, "pipe").id());
        return intact();
    }

    /**
     * Takes the message out of this object and gives it as one of its own, which may be kept: for the {@code Message} that a handler
     * gets for the time of its call only.
     */
    public Message detach() {
        return new Message(take());
    }

    /** Frees it, unless it was sent. Idempotent. */
    @Override
    public void close() {
        long message = replace(0);
        if (message != 0) {
            NNG.nng_msg_free(message);
        }
    }

    @Override
    public String toString() {
        long message = pointer;
        if (message == 0) {
            return "Message[sent or closed]";
        }
        String text = "Message[" + NNG.nng_msg_len(message) + " bytes]";
        intact();
        return text;
    }

    /** Takes the native message out, to hand it to NNG. */
    long take() {
        return present(replace(0));
    }

    /** Puts it back after a send that failed. */
    void restore(long message) {
        replace(message);
    }

    void requireOwned() {
        owned();
    }

    private long replace(long message) {
        long before = (long) POINTER.getAndSet(this, message);
        if (forgotten != null) {
            forgotten.message = message;
        }
        return before;
    }

    private long owned() {
        return present(pointer);
    }

    /** Called after the use of what {@link #owned} gave: until then this must not be garbage collected, which may free it. */
    @SuppressWarnings("ReachabilityFenceUsage") // if the use fails, there is nobody left to use the message
    private Message intact() {
        Reference.reachabilityFence(this);
        return this;
    }

    private static long present(long message) {
        if (message == 0) {
            throw new IllegalStateException("the message was sent or closed");
        }
        return message;
    }

    private ByteBuffer view(long address, int size) {
        ByteBuffer view = NativeMemory.view(address, size);
        if (forgotten != null) {
            Leaks.keepAlive(this, view);
        }
        return view;
    }

    /** The bytes to be added: copied first if they are the body's own, which is about to be moved. */
    private ByteBuffer outside(ByteBuffer data) {
        if (!NativeMemory.overlaps(data, NNG.nng_msg_body(owned()), size())) {
            return data;
        }
        return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
    }

    private void requireRoom(int more) {
        if (more > Integer.MAX_VALUE - size()) {
            throw new IllegalArgumentException("a body of " + size() + " bytes cannot take " + more + " more");
        }
    }

    private int headerLength() {
        int length = (int) NNG.nng_msg_header_len(owned());
        intact();
        return length;
    }

    private static void requireHeader(int length) {
        if (length > MAX_HEADER) {
            throw new IllegalArgumentException("a header has at most " + MAX_HEADER + " bytes, not " + length);
        }
    }

    private static int notNegative(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative number of bytes: " + bytes);
        }
        return bytes;
    }
}
