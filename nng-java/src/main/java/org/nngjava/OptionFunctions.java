package org.nngjava;

import java.nio.charset.StandardCharsets;
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
        Getter<long[]> getUint64,
        Setter<Long> setUint64,
        Getter<long[]> getString,
        Setter<String> setString,
        Getter<byte[]> getAddr,
        Setter<byte[]> setAddr,
        Getter<long[]> getPtr,
        TlsSetter setTls) {

    @FunctionalInterface
    interface Getter<A> {
        int get(int id, String option, A value);
    }

    @FunctionalInterface
    interface Setter<V> {
        int set(int id, String option, V value);
    }

    @FunctionalInterface
    interface TlsSetter {
        int set(int id, String option, TlsConfig config, String attempted);
    }

    private static final NngApi NNG = NngLibrary.api();

    // nng_tls_mode
    private static final int CLIENT = 0;
    private static final int SERVER = 1;

    private static final int MAX_SOCKET_NAME = 63;

    static final OptionFunctions SOCKET = new OptionFunctions(
            NNG::nng_socket_get_bool,
            NNG::nng_socket_set_bool,
            NNG::nng_socket_get_int,
            NNG::nng_socket_set_int,
            NNG::nng_socket_get_ms,
            NNG::nng_socket_set_ms,
            NNG::nng_socket_get_size,
            NNG::nng_socket_set_size,
            NNG::nng_socket_get_uint64,
            NNG::nng_socket_set_uint64,
            NNG::nng_socket_get_string,
            OptionFunctions::setSocketString,
            NNG::nng_socket_get_addr,
            NNG::nng_socket_set_addr,
            notSupported(),
            (id, option, config, attempted) -> NngError.ENOTSUP.code());

    static final OptionFunctions CONTEXT = new OptionFunctions(
            NNG::nng_ctx_get_bool,
            NNG::nng_ctx_set_bool,
            NNG::nng_ctx_get_int,
            NNG::nng_ctx_set_int,
            NNG::nng_ctx_get_ms,
            NNG::nng_ctx_set_ms,
            NNG::nng_ctx_get_size,
            NNG::nng_ctx_set_size,
            notSupported(),
            cannotBeSet(),
            NNG::nng_ctx_get_string,
            NNG::nng_ctx_set_string,
            notSupported(),
            cannotBeSet(),
            notSupported(),
            (id, option, config, attempted) -> NngError.ENOTSUP.code());

    static final OptionFunctions DIALER = new OptionFunctions(
            NNG::nng_dialer_get_bool,
            NNG::nng_dialer_set_bool,
            NNG::nng_dialer_get_int,
            NNG::nng_dialer_set_int,
            NNG::nng_dialer_get_ms,
            NNG::nng_dialer_set_ms,
            NNG::nng_dialer_get_size,
            NNG::nng_dialer_set_size,
            NNG::nng_dialer_get_uint64,
            NNG::nng_dialer_set_uint64,
            NNG::nng_dialer_get_string,
            NNG::nng_dialer_set_string,
            NNG::nng_dialer_get_addr,
            NNG::nng_dialer_set_addr,
            notSupported(),
            OptionFunctions::setDialerTls);

    static final OptionFunctions LISTENER = new OptionFunctions(
            NNG::nng_listener_get_bool,
            NNG::nng_listener_set_bool,
            NNG::nng_listener_get_int,
            NNG::nng_listener_set_int,
            NNG::nng_listener_get_ms,
            NNG::nng_listener_set_ms,
            NNG::nng_listener_get_size,
            NNG::nng_listener_set_size,
            NNG::nng_listener_get_uint64,
            NNG::nng_listener_set_uint64,
            NNG::nng_listener_get_string,
            OptionFunctions::setListenerString,
            NNG::nng_listener_get_addr,
            NNG::nng_listener_set_addr,
            notSupported(),
            (id, option, config, attempted) ->
                    config.apply(SERVER, null, attempted, tls -> NNG.nng_listener_set_ptr(id, option, tls)));

    static final OptionFunctions PIPE = new OptionFunctions(
            NNG::nng_pipe_get_bool,
            readOnly(),
            NNG::nng_pipe_get_int,
            readOnly(),
            NNG::nng_pipe_get_ms,
            readOnly(),
            NNG::nng_pipe_get_size,
            readOnly(),
            NNG::nng_pipe_get_uint64,
            readOnly(),
            NNG::nng_pipe_get_string,
            readOnly(),
            NNG::nng_pipe_get_addr,
            readOnly(),
            NNG::nng_pipe_get_ptr,
            (id, option, config, attempted) -> NngError.EREADONLY.code());

    /**
     * A socket takes no string but its name: NNG would keep other strings for its endpoints, and read them back as pointers. The name
     * must not be longer than NNG's memory for it, which 1.5.2 does not check.
     */
    private static int setSocketString(int id, String option, String value) {
        if (!option.equals(NngOptions.SOCKET_NAME.name())) {
            return NngError.ENOTSUP.code();
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_NAME) {
            return NngError.EINVAL.code();
        }
        return NNG.nng_socket_set_string(id, option, value);
    }

    /** Setting a header of responses ends the process in NNG as others build it. */
    private static int setListenerString(int id, String option, String value) {
        if (option.startsWith(NngOptions.WS_RESPONSE_HEADER) && !NngLibrary.hasPatch("ws-listener-takes-headers")) {
            throw new UnsupportedOperationException("set " + option + ": needs the libnng of this binding");
        }
        return NNG.nng_listener_set_string(id, option, value);
    }

    /** NNG's own configuration of a dialer names the host of its URL, but one that is set instead of it does not, and any name would do. */
    private static int setDialerTls(int id, String option, TlsConfig config, String attempted) {
        String host = Endpoint.host(NngOptions.URL.get(DIALER, id, "dialer " + id));
        return config.apply(CLIENT, host, attempted, tls -> NNG.nng_dialer_set_ptr(id, option, tls));
    }

    private static <A> Getter<A> notSupported() {
        return (id, option, value) -> NngError.ENOTSUP.code();
    }

    private static <V> Setter<V> cannotBeSet() {
        return (id, option, value) -> NngError.ENOTSUP.code();
    }

    private static <V> Setter<V> readOnly() {
        return (id, option, value) -> NngError.EREADONLY.code();
    }
}
