package org.nngjava;

import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A transport that {@link NngVerifier} uses. */
enum VerifiedTransport {
    INPROC,
    IPC,
    TCP;

    /** Connects two sockets, and returns when both know it. */
    void connect(Socket listening, Socket dialing) throws InterruptedException {
        CountDownLatch accepted = new CountDownLatch(1);
        listening.onPipe((event, pipe) -> {
            if (event == PipeEvent.ADD_POST) {
                accepted.countDown();
            }
        });
        dialing.dial(listening.listen(url()).url());
        if (!accepted.await(NngVerifier.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the connection was made, but the listening side did not hear of it");
        }
    }

    /** An address of its own to listen at, on this machine only. */
    private String url() {
        String unique = "nng-verifier-" + UUID.randomUUID();
        return switch (this) {
            case INPROC -> "inproc://" + unique;
            // On Windows it is the name of a pipe, elsewhere a file.
            case IPC -> "ipc://" + (isWindows() ? unique : Path.of(System.getProperty("java.io.tmpdir"), unique));
            case TCP -> "tcp://127.0.0.1:0";
        };
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
