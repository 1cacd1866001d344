package org.nngjava;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** How a receive may end, and what must not end it, as {@link NngVerifier} tries it. */
enum VerifiedEnding {
    MESSAGE_AFTER_COLLECTION("garbage is collected during a receive") {
        @Override
        void with(PushSocket push, PullSocket pull) throws Exception {
            List<CompletableFuture<Message>> receives = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                receives.add(pull.receiveAsync());
            }
            System.gc();
            for (int i = 0; i < MANY; i++) {
                push.send(new byte[] {1});
            }
            for (CompletableFuture<Message> receive : receives) {
                receive.get(NngVerifier.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .close();
            }
        }
    },
    TIME_OUT("a time-out ends a receive") {
        @Override
        void with(PushSocket push, PullSocket pull) {
            expect(NngTimeoutException.class, () -> pull.receive(Duration.ofMillis(10)));
        }
    },
    INTERRUPT("an interrupt ends a receive") {
        @Override
        void with(PushSocket push, PullSocket pull) throws Exception {
            Waiting waiting = new Waiting(pull);
            waiting.thread.interrupt();
            waiting.endsBy(NngInterruptedException.class);
        }
    },
    CANCELLATION("a cancelled receive loses nothing") {
        @Override
        void with(PushSocket push, PullSocket pull) {
            CompletableFuture<Message> receive = pull.receiveAsync();
            if (!receive.cancel(true)) {
                throw new IllegalStateException("it was not cancelled");
            }
            push.send(new byte[] {2});
            if (pull.receiveBytes()[0] != 2) {
                throw new IllegalStateException("another message came out");
            }
        }
    },
    CLOSE("closing ends a receive") {
        @Override
        void with(PushSocket push, PullSocket pull) throws Exception {
            Waiting waiting = new Waiting(pull);
            pull.close();
            waiting.endsBy(NngClosedException.class);
        }
    };

    private static final int MANY = 20;

    private final String text;

    VerifiedEnding(String text) {
        this.text = text;
    }

    abstract void with(PushSocket push, PullSocket pull) throws Exception;

    /** Tries it once. */
    String verify() throws Exception {
        try (PullSocket pull = PullSocket.open();
                PushSocket push = PushSocket.open()) {
            pull.set(NngOptions.RECV_TIMEOUT, NngVerifier.PATIENCE);
            push.set(NngOptions.SEND_TIMEOUT, NngVerifier.PATIENCE);
            VerifiedTransport.INPROC.connect(pull, push);
            with(push, pull);
        }
        return "";
    }

    /** A thread that waits in a receive. */
    private static final class Waiting {
        final AtomicReference<RuntimeException> end = new AtomicReference<>();
        final Thread thread;

        Waiting(PullSocket pull) throws InterruptedException {
            thread = new Thread(
                    () -> {
                        try {
                            pull.receive().close();
                        } catch (RuntimeException e) {
                            end.set(e);
                        }
                    },
                    "nng-verifier");
            thread.setDaemon(true);
            thread.start();
            while (thread.getState() == Thread.State.RUNNABLE) {
                Thread.sleep(1);
            }
        }

        void endsBy(Class<? extends NngException> expected) throws InterruptedException {
            thread.join(NngVerifier.PATIENCE.toMillis());
            if (thread.isAlive()) {
                throw new IllegalStateException("the receive goes on");
            }
            expect(expected, () -> {
                if (end.get() != null) {
                    throw end.get();
                }
            });
        }
    }

    private static void expect(Class<? extends NngException> expected, Runnable action) {
        try {
            action.run();
        } catch (NngException e) {
            if (expected.isInstance(e)) {
                return;
            }
            throw e;
        }
        throw new IllegalStateException("it ended without " + expected.getSimpleName());
    }

    @Override
    public String toString() {
        return text;
    }
}
