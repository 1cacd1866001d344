package org.nngjava;

import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/** NNG's typed option functions for one kind of object. */
record OptionFunctions(
        Getter<byte[]> getBool,
        Setter<Boolean> setBool,
        Getter<int[]> getInt,
        Setter<Integer> setInt,
        Getter<int[]> getMs,
        Setter<Integer> setMs,
        Getter<long[]> getSize,
        Setter<Long> setSize,
        Getter<long[]> getString,
        Setter<String> setString) {

    @FunctionalInterface
    interface Getter<A> {
        int get(int id, String option, A value);
    }

    @FunctionalInterface
    interface Setter<V> {
        int set(int id, String option, V value);
    }

    private static final NngApi NNG = NngLibrary.api();

    static final OptionFunctions SOCKET = new OptionFunctions(
            NNG::nng_socket_get_bool,
            NNG::nng_socket_set_bool,
            NNG::nng_socket_get_int,
            NNG::nng_socket_set_int,
            NNG::nng_socket_get_ms,
            NNG::nng_socket_set_ms,
            NNG::nng_socket_get_size,
            NNG::nng_socket_set_size,
            NNG::nng_socket_get_string,
            NNG::nng_socket_set_string);

    static final OptionFunctions CONTEXT = new OptionFunctions(
            NNG::nng_ctx_get_bool,
            NNG::nng_ctx_set_bool,
            NNG::nng_ctx_get_int,
            NNG::nng_ctx_set_int,
            NNG::nng_ctx_get_ms,
            NNG::nng_ctx_set_ms,
            NNG::nng_ctx_get_size,
            NNG::nng_ctx_set_size,
            NNG::nng_ctx_get_string,
            NNG::nng_ctx_set_string);

    static final OptionFunctions DIALER = new OptionFunctions(
            NNG::nng_dialer_get_bool,
            NNG::nng_dialer_set_bool,
            NNG::nng_dialer_get_int,
            NNG::nng_dialer_set_int,
            NNG::nng_dialer_get_ms,
            NNG::nng_dialer_set_ms,
            NNG::nng_dialer_get_size,
            NNG::nng_dialer_set_size,
            NNG::nng_dialer_get_string,
            NNG::nng_dialer_set_string);

    static final OptionFunctions LISTENER = new OptionFunctions(
            NNG::nng_listener_get_bool,
            NNG::nng_listener_set_bool,
            NNG::nng_listener_get_int,
            NNG::nng_listener_set_int,
            NNG::nng_listener_get_ms,
            NNG::nng_listener_set_ms,
            NNG::nng_listener_get_size,
            NNG::nng_listener_set_size,
            NNG::nng_listener_get_string,
            NNG::nng_listener_set_string);
}
