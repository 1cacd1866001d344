package org.nngjava.gifbroker.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A word that is known to both ends and to nobody else. It is not shown when it is printed.
 *
 * @param value 16 to 128 visible characters of ASCII
 */
public record Secret(String value) {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{16,128}");
    private static final String HMAC = "HmacSHA256";

    /** Checks its form. */
    public Secret {
        if (!VISIBLE.matcher(value).matches()) {
            throw new IllegalArgumentException("a secret is 16 to 128 visible characters of ASCII");
        }
    }

    /** Whether this is it. Takes as long for a wrong one as for another. */
    boolean matches(String shown) {
        return MessageDigest.isEqual(bytes(value), bytes(shown));
    }

    /** What only those can compute who have the secret: HMAC-SHA256. */
    byte[] sign(byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(bytes(value), HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "Secret";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
