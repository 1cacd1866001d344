package org.nngjava;

/** The versions of TLS that NNG speaks ({@code nng_tls_version} in tls.h); older ones are not safe. */
public enum TlsVersion {
    TLS_1_2(0x303),
    /** From NNG 1.9 on. */
    TLS_1_3(0x304);

    private final int code;

    TlsVersion(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
