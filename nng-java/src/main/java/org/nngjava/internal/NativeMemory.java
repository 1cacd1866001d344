package org.nngjava.internal;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Memory that belongs to NNG: views and copies. The caller answers for its lifetime. */
public final class NativeMemory {
    private static final MemoryIO IO = MemoryIO.getInstance();

    private NativeMemory() {}

    /** A view of native memory without a copy; invalid as soon as NNG frees or moves it. */
    public static ByteBuffer view(long address, int size) {
        return size == 0 ? ByteBuffer.allocateDirect(0) : IO.newDirectByteBuffer(address, size);
    }

    /** Whether a buffer shows memory of this range. */
    public static boolean overlaps(ByteBuffer buffer, long address, int size) {
        if (!buffer.isDirect()) {
            return false;
        }
        long start = IO.getDirectBufferAddress(buffer);
        return start < address + size && address < start + buffer.capacity();
    }

    public static void write(long address, byte[] data, int offset, int length) {
        if (length > 0) {
            IO.putByteArray(address, data, offset, length);
        }
    }

    public static void read(long address, byte[] target) {
        if (target.length > 0) {
            IO.getByteArray(address, target, 0, target.length);
        }
    }

    /** An array of pointers that ends with NULL. */
    public static List<Long> pointers(long address) {
        List<Long> pointers = new ArrayList<>();
        for (long at = address; IO.getAddress(at) != 0; at += Long.BYTES) {
            pointers.add(IO.getAddress(at));
        }
        return pointers;
    }

    /** A NUL-terminated UTF-8 string. */
    public static String string(long address) {
        return new String(IO.getZeroTerminatedByteArray(address), StandardCharsets.UTF_8);
    }
}
