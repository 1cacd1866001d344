package org.nngjava.gifbroker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;
import org.nngjava.TlsAuthMode;
import org.nngjava.TlsConfig;

/**
 * The files in PEM format by which one end of a connection proves who it is and checks the other. NNG and Java each read them.
 *
 * @param certificate what this end shows, followed by the certificates that lead to its authority, if any
 * @param key its private key; there is one exactly if there is a certificate
 * @param authorities those who must have signed what the other end shows
 */
public record TlsFiles(Optional<Path> certificate, Optional<Path> key, Optional<Path> authorities) {
    /** Nothing. */
    public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if one is missing, cannot be read, or is not what it should be
     */
    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("a certificate needs its private key, and the other way round");
        }
        certificate.ifPresent(TlsFiles::requireReadable);
        key.ifPresent(TlsFiles::requireReadable);
        authorities.ifPresent(TlsFiles::requireReadable);
        if (certificate.isPresent() || authorities.isPresent()) {
            context(certificate, key, authorities);
        }
        certificate.ifPresent(file -> requireMatch(file, key.orElseThrow()));
    }

    private static void requireMatch(Path certificate, Path key) {
        PublicKey shown = PemUtils.loadCertificate(certificate).get(0).getPublicKey();
        byte[] anything = {1};
        boolean match;
        try {
            Signature signature =
                    Signature.getInstance(SIGNATURES.getOrDefault(shown.getAlgorithm(), shown.getAlgorithm()));
            signature.initSign(PemUtils.loadPrivateKey(key));
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(anything);
            match = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            match = false; // not even of the same kind
        }
        if (!match) {
            throw new IllegalArgumentException(key + " is not the key of " + certificate);
        }
    }

    private static void requireReadable(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot read " + file);
        }
    }

    /** Whether this end can show a certificate, as a server must. */
    public boolean hasCertificate() {
        return certificate.isPresent();
    }

    /** For HTTPS, at both ends. A client trusts the authorities that Java knows, too. */
    public SSLContext context() {
        return context(certificate, key, authorities);
    }

    /** For those who listen: they ask for a certificate if there are authorities to check it by. */
    public TlsConfig server() {
        return config().authMode(authorities.isPresent() ? TlsAuthMode.REQUIRED : TlsAuthMode.NONE)
                .build();
    }

    /** For those who connect. */
    public TlsConfig client() {
        return config().build();
    }

    private TlsConfig.Builder config() {
        TlsConfig.Builder builder = TlsConfig.builder();
        certificate.ifPresent(file -> builder.certificate(file, key.orElseThrow()));
        authorities.ifPresent(builder::ca);
        return builder;
    }

    private static SSLContext context(Optional<Path> certificate, Optional<Path> key, Optional<Path> authorities) {
        try {
            SSLFactory.Builder builder = SSLFactory.builder().withDefaultTrustMaterial();
            certificate.ifPresent(
                    file -> builder.withIdentityMaterial(PemUtils.loadIdentityMaterial(file, key.orElseThrow())));
            authorities.ifPresent(file -> builder.withTrustMaterial(PemUtils.loadTrustMaterial(file)));
            return builder.build().getSslContext();
        } catch (GenericException | IllegalArgumentException e) {
            throw new IllegalArgumentException("no certificates and keys in PEM format: " + e.getMessage(), e);
        }
    }
}
