package org.nngjava.internal;

import jnr.ffi.annotations.Delegate;
import jnr.ffi.annotations.Encoding;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.uintptr_t;

/**
 * libnng's functions under their exact C names, in alphabetical order. Nothing else calls native code.
 *
 * <p>The handles {@code nng_socket}, {@code nng_ctx}, {@code nng_dialer}, {@code nng_listener} and {@code nng_pipe} are C
 * structures of one {@code uint32_t}, passed by value: an {@code int} here. Pointers are {@code long}, so that a call
 * allocates nothing.
 */
@Encoding("UTF-8")
public interface NngApi {

    /** {@code void (*)(void *)}: an asynchronous operation has ended. */
    interface AioCallback {
        @Delegate
        void ended(@uintptr_t long arg);
    }

    /** {@code nng_pipe_cb}: a pipe came or went. */
    interface PipeCallback {
        @Delegate
        void changed(int pipe, int event, @uintptr_t long arg);
    }

    int nng_aio_alloc(@Out long[] aio, AioCallback callback, @uintptr_t long arg);

    void nng_aio_cancel(@uintptr_t long aio);

    void nng_aio_free(@uintptr_t long aio);

    @uintptr_t
    long nng_aio_get_msg(@uintptr_t long aio);

    int nng_aio_result(@uintptr_t long aio);

    void nng_aio_set_msg(@uintptr_t long aio, @uintptr_t long msg);

    void nng_aio_set_timeout(@uintptr_t long aio, int milliseconds);

    void nng_aio_stop(@uintptr_t long aio);

    int nng_close(int socket);

    int nng_ctx_close(int ctx);

    int nng_ctx_get_bool(int ctx, String option, @Out byte[] value);

    int nng_ctx_get_int(int ctx, String option, @Out int[] value);

    int nng_ctx_get_ms(int ctx, String option, @Out int[] value);

    int nng_ctx_get_size(int ctx, String option, @Out long[] value);

    int nng_ctx_get_string(int ctx, String option, @Out long[] value);

    int nng_ctx_open(@Out int[] ctx, int socket);

    void nng_ctx_recv(int ctx, @uintptr_t long aio);

    void nng_ctx_send(int ctx, @uintptr_t long aio);

    int nng_ctx_set_bool(int ctx, String option, boolean value);

    int nng_ctx_set_int(int ctx, String option, int value);

    int nng_ctx_set_ms(int ctx, String option, int value);

    int nng_ctx_set_size(int ctx, String option, @size_t long value);

    int nng_ctx_set_string(int ctx, String option, String value);

    int nng_dialer_close(int dialer);

    int nng_dialer_create(@Out int[] dialer, int socket, String url);

    int nng_dialer_get_bool(int dialer, String option, @Out byte[] value);

    int nng_dialer_get_int(int dialer, String option, @Out int[] value);

    int nng_dialer_get_ms(int dialer, String option, @Out int[] value);

    int nng_dialer_get_size(int dialer, String option, @Out long[] value);

    int nng_dialer_get_string(int dialer, String option, @Out long[] value);

    int nng_dialer_set_bool(int dialer, String option, boolean value);

    int nng_dialer_set_int(int dialer, String option, int value);

    int nng_dialer_set_ms(int dialer, String option, int value);

    int nng_dialer_set_size(int dialer, String option, @size_t long value);

    int nng_dialer_set_string(int dialer, String option, String value);

    int nng_dialer_start(int dialer, int flags);

    int nng_listener_close(int listener);

    int nng_listener_create(@Out int[] listener, int socket, String url);

    int nng_listener_get_bool(int listener, String option, @Out byte[] value);

    int nng_listener_get_int(int listener, String option, @Out int[] value);

    int nng_listener_get_ms(int listener, String option, @Out int[] value);

    int nng_listener_get_size(int listener, String option, @Out long[] value);

    int nng_listener_get_string(int listener, String option, @Out long[] value);

    int nng_listener_set_bool(int listener, String option, boolean value);

    int nng_listener_set_int(int listener, String option, int value);

    int nng_listener_set_ms(int listener, String option, int value);

    int nng_listener_set_size(int listener, String option, @size_t long value);

    int nng_listener_set_string(int listener, String option, String value);

    int nng_listener_start(int listener, int flags);

    int nng_msg_alloc(@Out long[] msg, @size_t long size);

    int nng_msg_append(@uintptr_t long msg, @In byte[] data, @size_t long size);

    @uintptr_t
    long nng_msg_body(@uintptr_t long msg);

    int nng_msg_chop(@uintptr_t long msg, @size_t long size);

    int nng_msg_dup(@Out long[] duplicate, @uintptr_t long msg);

    void nng_msg_free(@uintptr_t long msg);

    int nng_msg_get_pipe(@uintptr_t long msg);

    @uintptr_t
    long nng_msg_header(@uintptr_t long msg);

    int nng_msg_header_append(@uintptr_t long msg, @In byte[] data, @size_t long size);

    void nng_msg_header_clear(@uintptr_t long msg);

    @size_t
    long nng_msg_header_len(@uintptr_t long msg);

    @size_t
    long nng_msg_len(@uintptr_t long msg);

    int nng_msg_trim(@uintptr_t long msg, @size_t long size);

    int nng_pipe_close(int pipe);

    int nng_pipe_get_addr(int pipe, String option, @Out byte[] sockaddr);

    int nng_pipe_notify(int socket, int event, PipeCallback callback, @uintptr_t long arg);

    int nng_pub0_open(@Out int[] socket);

    void nng_recv_aio(int socket, @uintptr_t long aio);

    int nng_rep0_open(@Out int[] socket);

    int nng_rep0_open_raw(@Out int[] socket);

    int nng_req0_open(@Out int[] socket);

    int nng_req0_open_raw(@Out int[] socket);

    void nng_send_aio(int socket, @uintptr_t long aio);

    int nng_socket_get_bool(int socket, String option, @Out byte[] value);

    int nng_socket_get_int(int socket, String option, @Out int[] value);

    int nng_socket_get_ms(int socket, String option, @Out int[] value);

    int nng_socket_get_size(int socket, String option, @Out long[] value);

    int nng_socket_get_string(int socket, String option, @Out long[] value);

    int nng_socket_set(int socket, String option, @In byte[] value, @size_t long size);

    int nng_socket_set_bool(int socket, String option, boolean value);

    int nng_socket_set_int(int socket, String option, int value);

    int nng_socket_set_ms(int socket, String option, int value);

    int nng_socket_set_size(int socket, String option, @size_t long value);

    int nng_socket_set_string(int socket, String option, String value);

    String nng_strerror(int error);

    void nng_strfree(@uintptr_t long string);

    int nng_sub0_open(@Out int[] socket);

    String nng_version();
}
