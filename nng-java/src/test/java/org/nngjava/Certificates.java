package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A certification authority for tests. What it issues is good for a day, and made anew by each run. */
final class Certificates {
    private static final byte[] ECDSA_WITH_SHA256 = der(0x30, oid("2a8648ce3d040302"));
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final String name;
    private final KeyPair keys = keyPair();
    private final String pem;

    /** A certificate and its private key, in PEM format. */
    record Identity(String certificate, String key, PrivateKey privateKey) {
        /** The key, encrypted by a password. */
        String encryptedKey(String password) {
            try {
                String algorithm = "PBEWithSHA1AndDESede";
                Cipher cipher = Cipher.getInstance(algorithm);
                cipher.init(
                        Cipher.ENCRYPT_MODE,
                        SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())));
                AlgorithmParameters parameters = cipher.getParameters();
                byte[] encrypted = cipher.doFinal(privateKey.getEncoded());
                return toPem("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, encrypted).getEncoded());
            } catch (GeneralSecurityException | java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Certificates(String name) {
        this.name = name;
        this.pem = certificate(name, keys.getPublic(), "3003", "551d13", der(0x30, der(0x01, new byte[] {-1})));
    }

    /** The authority's own certificate. */
    String pem() {
        return pem;
    }

    /** A certificate for a name, which may also be that of a host. */
    Identity issue(String commonName, String... hosts) {
        KeyPair own = keyPair();
        byte[][] names = new byte[hosts.length][];
        for (int i = 0; i < hosts.length; i++) {
            names[i] = der(0x82, hosts[i].getBytes(UTF_8));
        }
        String certificate = hosts.length == 0
                ? certificate(commonName, own.getPublic(), "", "", new byte[0])
                : certificate(commonName, own.getPublic(), "", "551d11", der(0x30, names));
        return new Identity(certificate, toPem("PRIVATE KEY", own.getPrivate().getEncoded()), own.getPrivate());
    }

    private String certificate(String subject, PublicKey key, String critical, String extension, byte[] value) {
        Instant now = Instant.now();
        byte[] extensions = extension.isEmpty()
                ? new byte[0]
                : der(
                        0xa3,
                        der(
                                0x30,
                                der(
                                        0x30,
                                        oid(extension),
                                        critical.isEmpty() ? new byte[0] : der(0x01, new byte[] {-1}),
                                        der(0x04, value))));
        byte[] toBeSigned = der(
                0x30,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
                ECDSA_WITH_SHA256,
                name(name),
                der(0x30, time(now.minusSeconds(3600)), time(now.plusSeconds(86_400))),
                name(subject),
                key.getEncoded(),
                extensions);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(toBeSigned);
            return toPem(
                    "CERTIFICATE", der(0x30, toBeSigned, ECDSA_WITH_SHA256, der(0x03, new byte[1], signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String toPem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static byte[] name(String commonName) {
        return der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0c, commonName.getBytes(UTF_8)))));
    }

    private static byte[] time(Instant time) {
        return der(0x17, UTC_TIME.format(time).getBytes(UTF_8));
    }

    private static byte[] oid(String hex) {
        return der(0x06, HexFormat.of().parseHex(hex));
    }

    /** One value of ASN.1: a tag, a length, and the parts that it is made of. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        if (length < 0x80) {
            value.write(length);
        } else if (length < 0x100) {
            value.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            value.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }
}
