package org.nngjava;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongToIntFunction;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * How to secure connections by TLS: whom to trust, who one is, and what the peer has to prove. The same configuration serves dialers
 * and listeners ({@code tls+tcp} and {@code wss}), any number of them; each makes its own copy in libnng when it is set.
 *
 * <p>A client needs the {@linkplain Builder#ca CA} that it trusts, a server its {@linkplain Builder#certificate certificate and key}.
 * A server that admits nobody without a certificate needs the CA as well, and {@link TlsAuthMode#REQUIRED}.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TlsConfig {
    private static final NngApi NNG = NngLibrary.api();
    private static final String CRL = "-----BEGIN X509 CRL-----";
    /** The minor number of the first NNG that speaks TLS 1.3. */
    private static final int TLS_1_3_SINCE = 9;

    private final String ca;
    private final List<Identity> identities;
    private final String serverName;
    private final TlsAuthMode authMode;
    private final TlsVersion minVersion;
    private final TlsVersion maxVersion;

    /** A certificate, its chain, and the private key that belongs to it. */
    private record Identity(String certificate, String key, String password) {}

    private TlsConfig(Builder builder) {
        this.ca = builder.ca.toString();
        this.identities = List.copyOf(builder.identities);
        this.serverName = builder.serverName;
        this.authMode = builder.authMode;
        this.minVersion = builder.minVersion;
        this.maxVersion = builder.maxVersion;
    }

    /** Starts an empty configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes an {@code nng_tls_config}, hands it to an endpoint, which keeps it, and lets go of it.
     *
     * @param host the name that the server must prove unless this says another; null for a server's own side
     * @return what {@code set} returned
     * @throws NngException if a part of it is not usable
     */
    int apply(int mode, String host, String attempted, LongToIntFunction set) {
        long[] out = new long[1];
        NngException.check(NNG.nng_tls_config_alloc(out, mode), attempted);
        long config = out[0];
        try {
            fill(config, serverName != null ? serverName : host, attempted);
            return set.applyAsInt(config);
        } finally {
            NNG.nng_tls_config_free(config);
        }
    }

    private void fill(long config, String name, String attempted) {
        if (!ca.isEmpty()) {
            NngException.check(
                    NNG.nng_tls_config_ca_chain(config, ca, ca.contains(CRL) ? ca : null),
                    attempted + ", its CA certificates");
        }
        for (Identity own : identities) {
            NngException.check(
                    NNG.nng_tls_config_own_cert(config, own.certificate, own.key, own.password),
                    attempted + ", its own certificate and key");
        }
        if (name != null) {
            NngException.check(NNG.nng_tls_config_server_name(config, name), attempted + ", its server name");
        }
        if (authMode != null) {
            NngException.check(NNG.nng_tls_config_auth_mode(config, authMode.code()), attempted + ", its mode");
        }
        if (minVersion != null) {
            if (minVersion == TlsVersion.TLS_1_3 && Nng.isBefore(TLS_1_3_SINCE)) {
                throw Nng.lacking(attempted + ", at least TLS 1.3", TLS_1_3_SINCE);
            }
            NngException.check(
                    NNG.nng_tls_config_version(config, minVersion.code(), maxVersion.code()),
                    attempted + ", its versions");
        }
    }

    /** What the peer has to prove; empty for what dialers and listeners ask unless told otherwise. */
    public Optional<TlsAuthMode> authMode() {
        return Optional.ofNullable(authMode);
    }

    /** Says what it is made of, without keys and passwords. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (!ca.isEmpty()) {
            parts.add("ca");
        }
        if (!identities.isEmpty()) {
            parts.add("certificate");
        }
        if (serverName != null) {
            parts.add("server name " + serverName);
        }
        if (authMode != null) {
            parts.add("peer " + authMode);
        }
        if (minVersion != null) {
            parts.add(minVersion + " to " + maxVersion);
        }
        return "TlsConfig" + parts;
    }

    /** Collects the parts of a {@link TlsConfig}. For one thread. */
    public static final class Builder {
        private final StringBuilder ca = new StringBuilder();
        private final List<Identity> identities = new ArrayList<>();
        private String serverName;
        private TlsAuthMode authMode;
        private TlsVersion minVersion;
        private TlsVersion maxVersion;

        private Builder() {}

        /**
         * Trusts what these CA certificates have signed. Revocation lists (X509 CRL) among them are respected. May be called several
         * times.
         *
         * @param pem one or more certificates in PEM format
         */
        public Builder ca(String pem) {
            ca.append(text(pem, "pem")).append('\n');
            return this;
        }

        /**
         * {@link #ca(String)} from a file, which is read now.
         *
         * @throws UncheckedIOException if it cannot be read
         */
        public Builder ca(Path pemFile) {
            return ca(read(Objects.requireNonNull(pemFile, "pemFile")));
        }

        /**
         * The certificate to show to peers, and its private key. A server may have several, of different algorithms.
         *
         * @param certificatePem the certificate in PEM format, followed by those that lead from it to the CA, if any
         * @param keyPem its key in PEM format, which is not encrypted
         */
        public Builder certificate(String certificatePem, String keyPem) {
            return identity(certificatePem, keyPem, null);
        }

        /** {@link #certificate(String, String)} with a key that is encrypted by a password. */
        public Builder certificate(String certificatePem, String keyPem, String password) {
            return identity(certificatePem, keyPem, text(password, "password"));
        }

        /**
         * {@link #certificate(String, String)} from files, which are read now; both may be the same.
         *
         * @throws UncheckedIOException if one cannot be read
         */
        public Builder certificate(Path certificateFile, Path keyFile) {
            Objects.requireNonNull(certificateFile, "certificateFile");
            Objects.requireNonNull(keyFile, "keyFile");
            return certificate(read(certificateFile), read(keyFile));
        }

        /** {@link #certificate(String, String, String)} from files. */
        public Builder certificate(Path certificateFile, Path keyFile, String password) {
            Objects.requireNonNull(certificateFile, "certificateFile");
            Objects.requireNonNull(keyFile, "keyFile");
            Objects.requireNonNull(password, "password");
            return certificate(read(certificateFile), read(keyFile), password);
        }

        /**
         * The name that the server's certificate must bear; the host of the dialer's URL unless set. A certificate with alternative
         * names (DNS) must have it among these, one without as its common name. A listener has no use for it.
         */
        public Builder serverName(String name) {
            serverName = text(name, "name");
            return this;
        }

        /** What the peer has to prove; {@link TlsAuthMode#REQUIRED} for dialers and NONE for listeners unless set. */
        public Builder authMode(TlsAuthMode mode) {
            authMode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * The oldest and the newest version to speak; all that the library knows from 1.2 on, unless set. A library before NNG 1.9
         * speaks 1.2 where 1.3 would be allowed.
         *
         * @throws IllegalArgumentException if {@code min} is newer than {@code max}
         */
        public Builder versions(TlsVersion min, TlsVersion max) {
            Objects.requireNonNull(min, "min");
            Objects.requireNonNull(max, "max");
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException(min + " is newer than " + max);
            }
            minVersion = min;
            maxVersion = max;
            return this;
        }

        /** What was collected so far. Whether it is usable turns out when it is set. */
        public TlsConfig build() {
            return new TlsConfig(this);
        }

        private Builder identity(String certificatePem, String keyPem, String password) {
            identities.add(new Identity(text(certificatePem, "certificatePem"), text(keyPem, "keyPem"), password));
            return this;
        }

        private static String text(String value, String what) {
            if (Objects.requireNonNull(value, what).indexOf('\0') >= 0) {
                throw new IllegalArgumentException(what + " contains NUL");
            }
            return value;
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
    }
}
