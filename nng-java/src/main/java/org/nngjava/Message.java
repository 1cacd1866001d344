package org.nngjava;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
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

    private Message(long pointer) {
        this(pointer, null);
    }

    private Message(long pointer, Views views) {
        this.pointer = pointer;
        this.views = views;
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
        Message message = allocate(body.length);
        NativeMemory.write(NNG.nng_msg_body(message.pointer), body, 0, body.length);
        return message;
    }

    /** A message whose body is a copy of the buffer's remaining bytes, which are consumed. */
    public static Message of(ByteBuffer body) {
        Message message = allocate(body.remaining());
        message.body().put(body);
        return message;
    }

    /** The number of bytes of the body. */
    public int size() {
        return Math.toIntExact(NNG.nng_msg_len(owned()));
    }

    /** The body itself, not a copy: valid until the message is changed, sent or closed. */
    public ByteBuffer body() {
        long message = owned();
        long address = NNG.nng_msg_body(message);
        int size = Math.toIntExact(NNG.nng_msg_len(message));
        return views == null ? NativeMemory.view(address, size) : views.view(address, size);
    }

    /** A copy of the body. */
    public byte[] toByteArray() {
        long message = owned();
        byte[] copy = new byte[Math.toIntExact(NNG.nng_msg_len(message))];
        NativeMemory.read(NNG.nng_msg_body(message), copy);
        return copy;
    }

    /** Adds bytes at the end of the body. */
    public Message append(byte[] data) {
        int code = NNG.nng_msg_append(owned(), data, data.length);
        if (code != 0) {
            throw NngException.of("append " + data.length + " bytes", code);
        }
        return this;
    }

    /** Puts bytes in front of the body. */
    public Message insert(byte[] data) {
        // Not by nng_msg_insert: in 1.5.2 it writes past the end of its buffer when it moves the body.
        int before = size();
        append(data);
        ByteBuffer body = body();
        body.put(data.length, body, 0, before).put(0, data);
        return this;
    }

    /** Removes bytes from the front of the body. */
    public Message trim(int bytes) {
        NngException.check(NNG.nng_msg_trim(owned(), notNegative(bytes)), "trim " + bytes + " bytes");
        return this;
    }

    /** Removes bytes from the end of the body. */
    public Message chop(int bytes) {
        NngException.check(NNG.nng_msg_chop(owned(), notNegative(bytes)), "chop " + bytes + " bytes");
        return this;
    }

    /** The header itself, not a copy: valid until the message is changed, sent or closed. Only raw sockets have one to show. */
    public ByteBuffer header() {
        long message = owned();
        return NativeMemory.view(NNG.nng_msg_header(message), Math.toIntExact(NNG.nng_msg_header_len(message)));
    }

    /** A copy of the header: what a raw REP socket needs to answer later, on a message of its own. */
    public byte[] headerBytes() {
        long message = owned();
        byte[] copy = new byte[Math.toIntExact(NNG.nng_msg_header_len(message))];
        NativeMemory.read(NNG.nng_msg_header(message), copy);
        return copy;
    }

    /** Replaces the header, by at most 64 bytes. */
    public Message setHeader(byte[] header) {
        long message = owned();
        if (header.length > MAX_HEADER) {
            throw new IllegalArgumentException("a header has at most " + MAX_HEADER + " bytes, not " + header.length);
        }
        NNG.nng_msg_header_clear(message);
        NngException.check(NNG.nng_msg_header_append(message, header, header.length), "set the header");
        return this;
    }

    /** A copy with memory of its own. */
    public Message duplicate() {
        long[] out = new long[1];
        NngException.check(NNG.nng_msg_dup(out, owned()), "duplicate a message");
        return new Message(out[0]);
    }

    /** The pipe on which it was received; empty for a message made here. */
    public Optional<Pipe> pipe() {
        int id = NNG.nng_msg_get_pipe(owned());
        return id <= 0 ? Optional.empty() : Optional.of(new Pipe(id));
    }

    /** Chooses the peer that it is for, where the protocol lets choose: a polyamorous {@link PairSocket}. */
    public Message setPipe(Pipe pipe) {
        NNG.nng_msg_set_pipe(owned(), pipe.id());
        return this;
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
        long message = (long) POINTER.getAndSet(this, 0L);
        if (message != 0) {
            NNG.nng_msg_free(message);
        }
    }

    @Override
    public String toString() {
        long message = pointer;
        return message == 0 ? "Message[sent or closed]" : "Message[" + NNG.nng_msg_len(message) + " bytes]";
    }

    /** Takes the native message out, to hand it to NNG. */
    long take() {
        return present((long) POINTER.getAndSet(this, 0L));
    }

    /** Puts it back after a send that failed. */
    void restore(long message) {
        pointer = message;
    }

    void requireOwned() {
        owned();
    }

    private long owned() {
        return present(pointer);
    }

    private static long present(long message) {
        if (message == 0) {
            throw new IllegalStateException("the message was sent or closed");
        }
        return message;
    }

    private static int notNegative(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative number of bytes: " + bytes);
        }
        return bytes;
    }
}
