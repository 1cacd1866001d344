package org.nngjava.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.Nng;

class NngLibraryTest {

    @Test
    void theBundledLibraryIsNamedAfterThePlatform() {
        assertThat(NngLibrary.resourceName("Linux", "amd64")).isEqualTo("org/nngjava/native/linux-x86_64/libnng.so");
        assertThat(NngLibrary.resourceName("Linux", "aarch64")).isEqualTo("org/nngjava/native/linux-aarch64/libnng.so");
        assertThat(NngLibrary.resourceName("Mac OS X", "aarch64"))
                .isEqualTo("org/nngjava/native/macos-aarch64/libnng.dylib");
        assertThat(NngLibrary.resourceName("Windows 11", "amd64"))
                .isEqualTo("org/nngjava/native/windows-x86_64/libnng.dll");
    }

    @Test
    void theUnpackedLibraryLeavesNoFileBehind(@TempDir Path directory) throws Exception {
        String output = runInJvm("-D" + NngLibrary.EXTRACT_PROPERTY + "=" + directory);
        assertThat(output).contains("NNG 1.").contains("from bundled");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anUnusableLibraryOfTheUsersOwnIsNamedWithWhatHelps(@TempDir Path directory) throws Exception {
        Path broken = Files.writeString(directory.resolve("libnng.so"), "not a library");
        assertThat(runInJvm("-D" + NngLibrary.LIBRARY_PROPERTY + "=" + broken))
                .contains("No usable libnng")
                .contains(broken.toString())
                .contains(NngLibrary.EXTRACT_PROPERTY);
    }

    @Test
    void whereThereIsNoLibraryItSaysWhatToDo() throws Exception {
        assertThat(runInJvm("-Dos.name=Plan9", "-Dos.arch=mips"))
                .contains("No usable libnng for Plan9 on mips")
                .contains("org/nngjava/native/plan9-mips/libnng.so")
                .contains("linux-x86_64 and linux-aarch64")
                .contains("install NNG")
                .contains(NngLibrary.LIBRARY_PROPERTY);
    }

    private static String runInJvm(String... properties) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ShowVersion.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    static final class ShowVersion {
        private ShowVersion() {}

        public static void main(String[] args) {
            System.out.println("NNG " + Nng.version() + " from " + Nng.origin());
        }
    }
}
