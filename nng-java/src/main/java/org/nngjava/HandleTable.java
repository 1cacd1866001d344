package org.nngjava;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Gives Java objects numbers that native code can hold as a {@code void *}. Reading takes no lock and allocates nothing, since
 * it happens in every callback.
 */
final class HandleTable<T> {
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private volatile Object[] entries = new Object[64];
    private int used = 1; // 0 is NULL

    synchronized int add(T object) {
        int handle = free.isEmpty() ? used++ : free.poll();
        Object[] next = handle < entries.length ? entries : Arrays.copyOf(entries, entries.length * 2);
        next[handle] = object;
        entries = next; // publishes the entry
        return handle;
    }

    synchronized void remove(int handle) {
        entries[handle] = null;
        free.add(handle);
    }

    /** The object of a handle, or null when it was removed. */
    @SuppressWarnings("unchecked")
    T get(long handle) {
        return (T) entries[(int) handle];
    }
}
