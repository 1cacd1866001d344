package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ipc and abstract: sockets of this machine. */
class IpcTest {
    @TempDir
    Path directory;

    @Test
    void theFileOfASocketHasThePermissionsAskedFor() throws Exception {
        Path file = directory.resolve("socket");
        try (RepSocket rep = RepSocket.open()) {
            Listener listener = rep.listener("ipc://" + file);
            Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw----");
            listener.set(NngOptions.IPC_PERMISSIONS, permissions);
            listener.start();
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(permissions);
            assertThat(listener.get(NngOptions.LOCAL_ADDRESS)).isEqualTo(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "abstract"})
    void aPipeKnowsTheProcessAtItsOtherEnd(String scheme) throws Exception {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
            rep.onPipe((event, pipe) -> pipes.add(pipe));
            req.dial(rep.listen(scheme + "://" + directory.resolve("socket")).url());
            Pipe pipe = pipes.poll(10, TimeUnit.SECONDS);
            assertThat(pipe.get(NngOptions.IPC_PEER_PID))
                    .isEqualTo(ProcessHandle.current().pid());
            long uid = ((Integer) Files.getAttribute(directory, "unix:uid")).longValue();
            assertThat(pipe.get(NngOptions.IPC_PEER_UID)).isEqualTo(uid);
            assertThat(pipe.get(NngOptions.IPC_PEER_GID)).isNotNegative();
            assertThatThrownBy(() -> pipe.get(NngOptions.IPC_PEER_ZONEID))
                    .isInstanceOfSatisfying(
                            NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.ENOTSUP));
        }
    }

    @Test
    void aFileThatADeadProcessLeftIsTakenOver() throws Exception {
        Path file = directory.resolve("socket");
        try (var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            req.dial(rep.listen("ipc://" + file).url());
        }
    }

    @Test
    void aPathThatIsTooLongIsRefused() {
        try (RepSocket rep = RepSocket.open()) {
            String url = "ipc://" + directory.resolve("x".repeat(200));
            assertThatThrownBy(() -> rep.listen(url))
                    .isInstanceOfSatisfying(
                            NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.EADDRINVAL));
        }
    }

    @Test
    void theSystemChoosesANameForAnAbstractSocketWithout() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen("abstract://");
            assertThat(listener.url()).matches("abstract://.+");
            assertThat(listener.get(NngOptions.LOCAL_ADDRESS)).hasToString(listener.url());
            req.dial(listener.url());
        }
    }

    @Test
    void anAbstractNameMayHaveAnyBytes() {
        String name = "a%00%FF%20b%25/" + ProcessHandle.current().pid();
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            Listener listener = rep.listen("abstract://" + name);
            assertThat(listener.get(NngOptions.LOCAL_ADDRESS)).hasToString("abstract://" + name);
            req.dial(listener.url());
            assertThat(listener.url().getBytes(StandardCharsets.US_ASCII)).isNotEmpty();
        }
    }

    @Test
    void anAbstractSocketHasNoPermissions() {
        try (RepSocket rep = RepSocket.open()) {
            Listener listener = rep.listener("abstract://");
            listener.set(NngOptions.IPC_PERMISSIONS, Set.of(PosixFilePermission.OWNER_READ));
            listener.start();
            Listener tcp = rep.listener("tcp://127.0.0.1:0");
            assertThatThrownBy(() -> tcp.set(NngOptions.IPC_PERMISSIONS, Set.of()))
                    .isInstanceOfSatisfying(
                            NngException.class, e -> assertThat(e.error()).isEqualTo(NngError.ENOTSUP));
        }
    }
}
