package org.nngjava.internal;

import jnr.ffi.annotations.Delegate;
import jnr.ffi.annotations.Encoding;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.u_int64_t;
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

    void nng_aio_wait(@uintptr_t long aio);

    int nng_bus0_open(@Out int[] socket);

    int nng_bus0_open_raw(@Out int[] socket);

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

    int nng_ctx_set(int ctx, String option, @In byte[] value, @size_t long size);

    int nng_ctx_set_bool(int ctx, String option, boolean value);

    int nng_ctx_set_int(int ctx, String option, int value);

    int nng_ctx_set_ms(int ctx, String option, int value);

    int nng_ctx_set_size(int ctx, String option, @size_t long value);

    int nng_ctx_set_string(int ctx, String option, String value);

    int nng_dialer_close(int dialer);

    int nng_dialer_create(@Out int[] dialer, int socket, String url);

    int nng_dialer_get_addr(int dialer, String option, @Out byte[] sockaddr);

    int nng_dialer_get_bool(int dialer, String option, @Out byte[] value);

    int nng_dialer_get_int(int dialer, String option, @Out int[] value);

    int nng_dialer_get_ms(int dialer, String option, @Out int[] value);

    int nng_dialer_get_size(int dialer, String option, @Out long[] value);

    int nng_dialer_get_string(int dialer, String option, @Out long[] value);

    int nng_dialer_get_uint64(int dialer, String option, @Out long[] value);

    int nng_dialer_set_addr(int dialer, String option, @In byte[] sockaddr);

    int nng_dialer_set_bool(int dialer, String option, boolean value);

    int nng_dialer_set_int(int dialer, String option, int value);

    int nng_dialer_set_ms(int dialer, String option, int value);

    int nng_dialer_set_ptr(int dialer, String option, @uintptr_t long value);

    int nng_dialer_set_size(int dialer, String option, @size_t long value);

    int nng_dialer_set_string(int dialer, String option, String value);

    int nng_dialer_set_uint64(int dialer, String option, @u_int64_t long value);

    int nng_dialer_start(int dialer, int flags);

    void nng_free(@uintptr_t long pointer, @size_t long size);

    int nng_listener_close(int listener);

    int nng_listener_create(@Out int[] listener, int socket, String url);

    int nng_listener_get_addr(int listener, String option, @Out byte[] sockaddr);

    int nng_listener_get_bool(int listener, String option, @Out byte[] value);

    int nng_listener_get_int(int listener, String option, @Out int[] value);

    int nng_listener_get_ms(int listener, String option, @Out int[] value);

    int nng_listener_get_size(int listener, String option, @Out long[] value);

    int nng_listener_get_string(int listener, String option, @Out long[] value);

    int nng_listener_get_uint64(int listener, String option, @Out long[] value);

    int nng_listener_set_addr(int listener, String option, @In byte[] sockaddr);

    int nng_listener_set_bool(int listener, String option, boolean value);

    int nng_listener_set_int(int listener, String option, int value);

    int nng_listener_set_ms(int listener, String option, int value);

    int nng_listener_set_ptr(int listener, String option, @uintptr_t long value);

    int nng_listener_set_size(int listener, String option, @size_t long value);

    int nng_listener_set_string(int listener, String option, String value);

    int nng_listener_set_uint64(int listener, String option, @u_int64_t long value);

    int nng_listener_start(int listener, int flags);

    int nng_msg_alloc(@Out long[] msg, @size_t long size);

    int nng_msg_append(@uintptr_t long msg, @In byte[] data, @size_t long size);

    @uintptr_t
    long nng_msg_body(@uintptr_t long msg);

    @size_t
    long nng_msg_capacity(@uintptr_t long msg);

    int nng_msg_chop(@uintptr_t long msg, @size_t long size);

    void nng_msg_clear(@uintptr_t long msg);

    int nng_msg_dup(@Out long[] duplicate, @uintptr_t long msg);

    void nng_msg_free(@uintptr_t long msg);

    int nng_msg_get_pipe(@uintptr_t long msg);

    @uintptr_t
    long nng_msg_header(@uintptr_t long msg);

    int nng_msg_header_append(@uintptr_t long msg, @In byte[] data, @size_t long size);

    int nng_msg_header_chop(@uintptr_t long msg, @size_t long size);

    void nng_msg_header_clear(@uintptr_t long msg);

    int nng_msg_header_insert(@uintptr_t long msg, @In byte[] data, @size_t long size);

    @size_t
    long nng_msg_header_len(@uintptr_t long msg);

    int nng_msg_header_trim(@uintptr_t long msg, @size_t long size);

    @size_t
    long nng_msg_len(@uintptr_t long msg);

    int nng_msg_realloc(@uintptr_t long msg, @size_t long size);

    int nng_msg_reserve(@uintptr_t long msg, @size_t long capacity);

    void nng_msg_set_pipe(@uintptr_t long msg, int pipe);

    int nng_msg_trim(@uintptr_t long msg, @size_t long size);

    int nng_pair0_open(@Out int[] socket);

    int nng_pair0_open_raw(@Out int[] socket);

    int nng_pair1_open(@Out int[] socket);

    int nng_pair1_open_poly(@Out int[] socket);

    int nng_pair1_open_raw(@Out int[] socket);

    int nng_pipe_close(int pipe);

    int nng_pipe_dialer(int pipe);

    int nng_pipe_get_addr(int pipe, String option, @Out byte[] sockaddr);

    int nng_pipe_get_bool(int pipe, String option, @Out byte[] value);

    int nng_pipe_get_int(int pipe, String option, @Out int[] value);

    int nng_pipe_get_ms(int pipe, String option, @Out int[] value);

    int nng_pipe_get_ptr(int pipe, String option, @Out long[] value);

    int nng_pipe_get_size(int pipe, String option, @Out long[] value);

    int nng_pipe_get_string(int pipe, String option, @Out long[] value);

    int nng_pipe_get_uint64(int pipe, String option, @Out long[] value);

    int nng_pipe_listener(int pipe);

    int nng_pipe_notify(int socket, int event, PipeCallback callback, @uintptr_t long arg);

    int nng_pipe_socket(int pipe);

    int nng_pub0_open(@Out int[] socket);

    int nng_pub0_open_raw(@Out int[] socket);

    int nng_pull0_open(@Out int[] socket);

    int nng_pull0_open_raw(@Out int[] socket);

    int nng_push0_open(@Out int[] socket);

    int nng_push0_open_raw(@Out int[] socket);

    void nng_recv_aio(int socket, @uintptr_t long aio);

    int nng_rep0_open(@Out int[] socket);

    int nng_rep0_open_raw(@Out int[] socket);

    int nng_req0_open(@Out int[] socket);

    int nng_req0_open_raw(@Out int[] socket);

    int nng_respondent0_open(@Out int[] socket);

    int nng_respondent0_open_raw(@Out int[] socket);

    void nng_send_aio(int socket, @uintptr_t long aio);

    int nng_socket_get_addr(int socket, String option, @Out byte[] sockaddr);

    int nng_socket_get_bool(int socket, String option, @Out byte[] value);

    int nng_socket_get_int(int socket, String option, @Out int[] value);

    int nng_socket_get_ms(int socket, String option, @Out int[] value);

    int nng_socket_get_size(int socket, String option, @Out long[] value);

    int nng_socket_get_string(int socket, String option, @Out long[] value);

    int nng_socket_get_uint64(int socket, String option, @Out long[] value);

    int nng_socket_set(int socket, String option, @In byte[] value, @size_t long size);

    int nng_socket_set_addr(int socket, String option, @In byte[] sockaddr);

    int nng_socket_set_bool(int socket, String option, boolean value);

    int nng_socket_set_int(int socket, String option, int value);

    int nng_socket_set_ms(int socket, String option, int value);

    int nng_socket_set_size(int socket, String option, @size_t long value);

    int nng_socket_set_string(int socket, String option, String value);

    int nng_socket_set_uint64(int socket, String option, @u_int64_t long value);

    boolean nng_stat_bool(@uintptr_t long stat);

    @uintptr_t
    long nng_stat_child(@uintptr_t long stat);

    String nng_stat_desc(@uintptr_t long stat);

    String nng_stat_name(@uintptr_t long stat);

    @uintptr_t
    long nng_stat_next(@uintptr_t long stat);

    String nng_stat_string(@uintptr_t long stat);

    @u_int64_t
    long nng_stat_timestamp(@uintptr_t long stat);

    int nng_stat_type(@uintptr_t long stat);

    int nng_stat_unit(@uintptr_t long stat);

    @u_int64_t
    long nng_stat_value(@uintptr_t long stat);

    void nng_stats_free(@uintptr_t long stats);

    int nng_stats_get(@Out long[] stats);

    String nng_strerror(int error);

    void nng_strfree(@uintptr_t long string);

    int nng_sub0_open(@Out int[] socket);

    int nng_sub0_open_raw(@Out int[] socket);

    int nng_surveyor0_open(@Out int[] socket);

    int nng_surveyor0_open_raw(@Out int[] socket);

    int nng_tls_config_alloc(@Out long[] config, int mode);

    int nng_tls_config_auth_mode(@uintptr_t long config, int mode);

    int nng_tls_config_ca_chain(@uintptr_t long config, String chain, String crl);

    void nng_tls_config_free(@uintptr_t long config);

    int nng_tls_config_own_cert(@uintptr_t long config, String certificate, String key, String password);

    int nng_tls_config_server_name(@uintptr_t long config, String name);

    int nng_tls_config_version(@uintptr_t long config, int min, int max);

    String nng_tls_engine_description();

    boolean nng_tls_engine_fips_mode();

    String nng_tls_engine_name();

    String nng_version();
}
