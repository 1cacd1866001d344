package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * The ffmpeg in our class path ({@code org.bytedeco:ffmpeg}, a build under the LGPL), which must be a file to be started. It is
 * unpacked once into a directory that is named by its content, so that a newer one never touches the files of one that runs.
 *
 * <p>JavaCPP's own {@code Loader.load} would do that too, but it also links all of ffmpeg's libraries into this JVM, which takes
 * longer, brings their crashes here, and fails where a library is missing that only the program needs.
 */
final class BundledFfmpeg {
    private static final String PROGRAM = "ffmpeg";

    private final String folder;
    private final Path cache;

    /**
     * @param folder of the class path that holds the program and its libraries
     * @param cache to unpack into
     */
    BundledFfmpeg(String folder, Path cache) {
        this.folder = folder;
        this.cache = cache.toAbsolutePath();
    }

    /** The one for this operating system and processor; there need not be one. */
    static BundledFfmpeg forThisPlatform(Path cache) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
        String processor = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> System.getProperty("os.arch");
        };
        return new BundledFfmpeg("org/bytedeco/ffmpeg/" + system + "-" + processor, cache);
    }

    /**
     * Unpacks it unless that is done.
     *
     * @return the directory of {@code ffmpeg}, {@code ffprobe} and their libraries
     * @throws IOException if there is none for this platform, or it cannot be unpacked; the message says which and where
     */
    Path unpack() throws IOException {
        URL program = BundledFfmpeg.class.getResource("/" + folder + "/" + PROGRAM);
        if (program == null) {
            throw new IOException("there is none for this platform (" + folder + ")");
        }
        URLConnection connection = program.openConnection();
        if (!(connection instanceof JarURLConnection inJar)) {
            throw new IOException("it is not in a jar (" + program + ")");
        }
        inJar.setUseCaches(false);
        try (JarFile jar = inJar.getJarFile()) {
            List<JarEntry> entries = entries(jar);
            Path directory = cache.resolve("ffmpeg-" + fingerprint(entries));
            if (!isComplete(directory, entries)) {
                unpack(jar, entries, directory);
            }
            return directory;
        } catch (IOException e) {
            throw new IOException("cannot be unpacked into " + cache + ": " + e, e);
        }
    }

    /** The programs and their libraries, but not those for JNI. */
    private List<JarEntry> entries(JarFile jar) {
        String prefix = folder + "/";
        return jar.stream()
                .filter(entry -> entry.getName().startsWith(prefix) && !entry.isDirectory())
                .filter(entry -> entry.getName().indexOf('/', prefix.length()) < 0)
                .filter(entry -> !fileName(entry).startsWith("libjni"))
                .toList();
    }

    private static String fileName(JarEntry entry) {
        return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
    }

    private static String fingerprint(List<JarEntry> entries) {
        List<String> contents = new ArrayList<>();
        for (JarEntry entry : entries) {
            contents.add(fileName(entry) + ' ' + entry.getSize() + ' ' + entry.getCrc());
        }
        CRC32 sum = new CRC32();
        contents.stream().sorted().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    private static boolean isComplete(Path directory, List<JarEntry> entries) throws IOException {
        for (JarEntry entry : entries) {
            Path file = directory.resolve(fileName(entry));
            if (!Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
                return false;
            }
        }
        return true;
    }

    /** Others may do the same at the same time, and be killed in the middle of it. */
    private void unpack(JarFile jar, List<JarEntry> entries, Path directory) throws IOException {
        Files.createDirectories(cache);
        DirectoryLock.whileHeld(cache, () -> {
            if (!isComplete(directory, entries)) {
                removeHalfUnpacked();
                ScratchDirectory.deleteTree(directory);
                Path made = Files.createTempDirectory(cache, "unpacking-");
                try {
                    for (JarEntry entry : entries) {
                        unpack(jar, entry, made.resolve(fileName(entry)));
                    }
                    Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    ScratchDirectory.deleteTree(made);
                }
            }
            return directory;
        });
    }

    private void removeHalfUnpacked() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(cache, "unpacking-*")) {
            for (Path directory : left) {
                ScratchDirectory.deleteTree(directory);
            }
        }
    }

    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        try (InputStream content = jar.getInputStream(entry)) {
            Files.copy(content, file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        // The directory's name vouches for the content after a power cut too.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
