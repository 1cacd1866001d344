package org.nngjava;

import java.nio.ByteBuffer;
import org.nngjava.internal.NativeMemory;

/**
 * Views of native memory that are used again: the memory of messages comes back at the same addresses. For one thread at a time.
 */
final class Views {
    private static final int NUMBER = 256;

    private final long[] addresses = new long[NUMBER];
    private final ByteBuffer[] views = new ByteBuffer[NUMBER];

    ByteBuffer view(long address, int size) {
        int slot = (int) ((address * 0x9E3779B97F4A7C15L) >>> 56);
        ByteBuffer view = views[slot];
        if (view == null || addresses[slot] != address || view.capacity() != size) {
            view = NativeMemory.view(address, size);
            addresses[slot] = address;
            views[slot] = view;
        }
        return view.clear().order(java.nio.ByteOrder.BIG_ENDIAN);
    }
}
