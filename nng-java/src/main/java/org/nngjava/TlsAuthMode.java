package org.nngjava;

/** Whether the peer has to prove who it is ({@code nng_tls_auth_mode} in tls.h). */
public enum TlsAuthMode {
    /** It is not asked. The default of listeners. */
    NONE(0),
    /**
     * It is asked, and connected whatever it answers; {@link NngOptions#TLS_VERIFIED} tells whether it was believed.
     */
    OPTIONAL(1),
    /** It is connected only if its certificate is good. The default of dialers. */
    REQUIRED(2);

    private final int code;

    TlsAuthMode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
