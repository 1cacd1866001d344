package org.nngjava.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;

/**
 * Finds and loads libnng, once per JVM: the library that the property {@value #LIBRARY_PROPERTY} names, else the one
 * bundled for this platform, else the system's.
 */
public final class NngLibrary {
    /** Names a libnng of the user's own: a path, which is then the only one tried. */
    public static final String LIBRARY_PROPERTY = "org.nngjava.library";

    /** Names the directory into which the bundled library is unpacked; the JVM's temporary directory by default. */
    public static final String EXTRACT_PROPERTY = "org.nngjava.extract.dir";

    private static final NngLibrary INSTANCE = load();

    private final NngApi api;
    private final String origin;
    private final String version;

    private NngLibrary(NngApi api, String origin) {
        this.api = api;
        this.origin = origin;
        this.version = api.nng_version();
    }

    public static NngApi api() {
        return INSTANCE.api;
    }

    /** Where the library came from: a path, {@code bundled} or {@code system}. */
    public static String origin() {
        return INSTANCE.origin;
    }

    /** NNG's own version, for example {@code 1.5.2}. */
    public static String version() {
        return INSTANCE.version;
    }

    /** Whether the library is the bundled one, built with a patch of our own ({@code native/patches}). */
    public static boolean hasPatch(String name) {
        if (!origin().equals("bundled")) {
            return false;
        }
        String library = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
        String resource = library.substring(0, library.lastIndexOf('.')) + ".properties";
        Properties properties = new Properties();
        try (InputStream in = NngLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
        return "applied".equals(properties.getProperty("patch." + name));
    }

    private static NngLibrary load() {
        String own = System.getProperty(LIBRARY_PROPERTY);
        if (own != null) {
            Path path = Path.of(own).toAbsolutePath();
            try {
                return open(path.toString(), path.toString());
            } catch (UnsatisfiedLinkError e) {
                throw unavailable(List.of("-D" + LIBRARY_PROPERTY + "=" + own + ": " + reason(e)));
            }
        }
        List<String> tried = new ArrayList<>();
        String resource = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
        // By the class loader, since the class would look into its own module only.
        try (InputStream bundled = NngLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (bundled == null) {
                tried.add("bundled " + resource + ": not there");
            } else {
                return openUnpacked(bundled, resource);
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            tried.add("bundled " + resource + ": " + reason(e));
        }
        try {
            return open("nng", "system");
        } catch (UnsatisfiedLinkError e) {
            tried.add("system libnng: " + reason(e));
        }
        throw unavailable(tried);
    }

    private static NngLibrary openUnpacked(InputStream bundled, String resource) throws IOException {
        Path directory = Path.of(System.getProperty(EXTRACT_PROPERTY, System.getProperty("java.io.tmpdir")));
        Path file = Files.createTempFile(
                Files.createDirectories(directory), "libnng-", resource.substring(resource.lastIndexOf('.')));
        try {
            Files.copy(bundled, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return open(file.toString(), "bundled");
        } finally {
            deleteLoaded(file);
        }
    }

    /** A mapped library outlives its file, except on Windows, where it cannot be deleted while it is in use. */
    private static void deleteLoaded(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    private static NngLibrary open(String name, String origin) {
        // NNG reports errors by return value; saving errno after each call would only cost time.
        NngApi api = LibraryLoader.create(NngApi.class)
                .option(LibraryOption.IgnoreError, true)
                .failImmediately()
                .load(name);
        NngLibrary library = new NngLibrary(api, origin);
        if (!library.version.startsWith("1.")) {
            throw new UnsatisfiedLinkError(
                    "it is NNG " + library.version + "; this binding needs NNG 1.5.2 or a later 1.x");
        }
        return library;
    }

    /** {@code org/nngjava/native/<os>-<arch>/libnng.<so|dylib|dll>}. */
    static String resourceName(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String platform = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : os;
        String arch = switch (osArch) {
            case "amd64", "x86_64", "x86-64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> osArch;
        };
        String suffix = switch (platform) {
            case "macos" -> "dylib";
            case "windows" -> "dll";
            default -> "so";
        };
        return "org/nngjava/native/" + platform + "-" + arch + "/libnng." + suffix;
    }

    /** What JNR says, and the first line of what is behind it, where its own troubles are told. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure
                ? failure.getMessage()
                : failure.getMessage() + ": "
                        + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    private static UnsatisfiedLinkError unavailable(List<String> tried) {
        return new UnsatisfiedLinkError("No usable libnng for " + System.getProperty("os.name") + " on "
                + System.getProperty("os.arch") + ". Tried:\n  " + String.join("\n  ", tried)
                + "\nThe jar org.nngjava:nng-native has one for linux-x86_64 and linux-aarch64 (glibc 2.34 or later): add it to the"
                + " class path. Elsewhere install NNG, version 1.5.2 or a later 1.x (Debian: apt install libnng1), or name a"
                + " libnng with -D" + LIBRARY_PROPERTY
                + "=/path/to/libnng.so. Where the temporary directory is mounted noexec,"
                + " name others with -D" + EXTRACT_PROPERTY + "=DIR -Djava.io.tmpdir=DIR.");
    }
}
