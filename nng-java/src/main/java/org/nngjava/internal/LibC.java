package org.nngjava.internal;

import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The functions of Linux's C library that a poller needs, under their exact names, in alphabetical order. Buffers are direct ones. */
public interface LibC {
    int close(int descriptor);

    int epoll_create1(int flags);

    int epoll_ctl(int epoll, int operation, int descriptor, @In ByteBuffer event);

    int epoll_wait(int epoll, @Out ByteBuffer events, int maxEvents, int milliseconds);

    int eventfd(int value, int flags);

    @ssize_t
    long read(int descriptor, @Out ByteBuffer buffer, @size_t long size);

    @ssize_t
    long write(int descriptor, @In ByteBuffer buffer, @size_t long size);

    /** Loads it. Without this system's epoll there is an {@link UnsupportedOperationException}. */
    static LibC load() {
        Platform platform = Platform.getNativePlatform();
        if (platform.getOS() != Platform.OS.LINUX) {
            throw new UnsupportedOperationException("needs Linux's epoll, this is " + platform.getName());
        }
        return LibraryLoader.create(LibC.class).failImmediately().load(platform.getStandardCLibraryName());
    }

    /** The error number of the calling thread's last call that failed. */
    static int errno() {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }
}
