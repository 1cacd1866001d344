package org.nngjava;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Platform;
import org.nngjava.internal.LibC;

/**
 * An epoll instance of Linux's, and in it an eventfd that ends a wait. It tells which descriptors are readable; they may come and go while
 * a thread waits, and cost nothing while they are not readable. {@code poll(2)} could do neither.
 *
 * <p>Safe for use by several threads, but the caller sees to it that one at a time waits and none uses it any more when it is closed.
 */
final class Epoll {
    private static final LibC LIBC = LibC.load();

    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int READABLE = 1;
    private static final int EINTR = 4;
    private static final int EEXIST = 17;

    // struct epoll_event: uint32_t events, uint64_t data; packed on x86_64 alone.
    private static final boolean PACKED = Platform.getNativePlatform().getCPU() == Platform.CPU.X86_64;
    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;

    private static final long WAKEUP = -1;
    private static final ByteBuffer ONE = direct(8).putLong(0, 1);

    private final int epoll;
    private final int wakeup;
    private final ByteBuffer added = direct(EVENT_SIZE);
    private final ByteBuffer count = direct(8);
    private ByteBuffer events = direct(64 * EVENT_SIZE);

    Epoll() {
        epoll = LIBC.epoll_create1(CLOEXEC);
        check(epoll);
        wakeup = LIBC.eventfd(0, CLOEXEC | NONBLOCK);
        try {
            check(wakeup);
        } catch (NngException e) {
            LIBC.close(epoll);
            throw e;
        }
        add(wakeup, WAKEUP);
    }

    /** Adds a descriptor that is reported as {@code id}, which is not negative, while it is readable. False: it is in there already. */
    synchronized boolean add(int descriptor, long id) {
        added.putInt(0, READABLE).putLong(DATA_OFFSET, id);
        int result = LIBC.epoll_ctl(epoll, ADD, descriptor, added);
        if (result < 0 && LibC.errno() == EEXIST) {
            return false;
        }
        check(result);
        return true;
    }

    /** Removes an open descriptor; a wait under way may have seen it before. */
    void remove(int descriptor) {
        check(LIBC.epoll_ctl(epoll, DELETE, descriptor, null));
    }

    /**
     * Waits until a descriptor is readable, {@link #wakeup()} is called or the time is over; a signal may end it sooner.
     *
     * @param capacity the number of descriptors that it should be able to report at once
     * @param milliseconds the time, 0 for none and -1 for no end
     * @return the number of them to report by {@link #id}
     */
    int await(int capacity, int milliseconds) {
        if (events.capacity() < (capacity + 1) * EVENT_SIZE) {
            events = direct(2 * (capacity + 1) * EVENT_SIZE);
        }
        int ready = LIBC.epoll_wait(epoll, events, events.capacity() / EVENT_SIZE, milliseconds);
        if (ready < 0 && LibC.errno() == EINTR) {
            return 0;
        }
        check(ready);
        return ready;
    }

    /** The id of the descriptor that was reported at {@code index}; negative for a {@link #wakeup()}. */
    long id(int index) {
        return events.getLong(index * EVENT_SIZE + DATA_OFFSET);
    }

    /** Ends the wait under way, or else the next one. */
    void wakeup() {
        LIBC.write(wakeup, ONE, 8);
    }

    /** Takes back all calls of {@link #wakeup()} up to now. */
    void clearWakeup() {
        LIBC.read(wakeup, count, 8);
    }

    boolean close() {
        LIBC.close(wakeup);
        LIBC.close(epoll);
        return true;
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private static void check(int result) {
        if (result < 0) {
            throw NngException.of("poll", NngError.ESYSERR.code() | LibC.errno());
        }
    }
}
