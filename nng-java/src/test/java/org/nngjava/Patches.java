package org.nngjava;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The patches of our own that the loaded libnng has: without them some tests would end the JVM. */
final class Patches {
    private Patches() {}

    /** Goes on only if the library is the bundled one and has this patch of {@code native/patches}. */
    static void assume(String patch) {
        assumeTrue(Nng.origin().equals("bundled"), "not the bundled library");
        assumeTrue("applied".equals(bundled().getProperty("patch." + patch)), "the patch " + patch + " was left out");
    }

    private static Properties bundled() {
        Properties properties = new Properties();
        String platform = "linux-" + System.getProperty("os.arch").replace("amd64", "x86_64");
        try (InputStream in =
                Patches.class.getResourceAsStream("/org/nngjava/native/" + platform + "/libnng.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
