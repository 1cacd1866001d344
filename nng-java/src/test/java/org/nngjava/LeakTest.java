package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeakTest {
    private static final String DETECTION = "-Dorg.nngjava.leakDetection=true";

    @Test
    void whatWasForgottenIsReportedWithThePlaceOfItsCreation() throws Exception {
        Jvm jvm = Jvm.run(Forgetful.class, DETECTION);
        assertThat(jvm.output())
                .contains("A message of 123 bytes was garbage collected without being closed")
                .contains("at org.nngjava.LeakTest$Forgetful.forgetAMessage")
                .containsPattern("rep socket \\d+ was garbage collected without being closed")
                .contains("at org.nngjava.LeakTest$Forgetful.forgetASocket")
                .containsPattern("context \\d+ of rep socket \\d+ was garbage collected without being closed")
                .contains("at org.nngjava.LeakTest$Forgetful.forgetAContext")
                .contains("WARNING")
                .doesNotContain("useWell");
        assertThat(jvm.exitCode()).isZero();
    }

    @Test
    void nothingIsReportedUnlessAskedFor() throws Exception {
        assertThat(Jvm.run(Forgetful.class).output()).isEqualToIgnoringNewLines("done\n");
    }

    @Test
    void aForgottenMessageIsFreed() throws Exception {
        Jvm jvm = Jvm.run(ForgetfulOfMuch.class, DETECTION, "-Xmx64m");
        assertThat(jvm.exitCode()).as(jvm.output()).isZero();
    }

    @Test
    void aMessageIsNotForgottenWhileItsBodyIsInUse() throws Exception {
        Jvm jvm = Jvm.run(Reader.class, DETECTION);
        assertThat(jvm.output()).contains("in use: 42").doesNotContain("garbage collected");
    }

    @Test
    void aForgottenContextIsClosed() {
        try (RepSocket rep = RepSocket.open()) {
            forgetAContext(rep);
            await().untilAsserted(() -> {
                System.gc();
                assertThat(rep.state().openContexts()).isZero();
            });
        }
    }

    private static void forgetAContext(RepSocket rep) {
        rep.openContext();
    }

    /** Forgets one of each, and closes others as it should. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) throws Exception {
            try (RepSocket kept = RepSocket.open()) {
                forgetAContext(kept);
                forgetAMessage();
                forgetASocket();
                useWell();
                for (int i = 0; i < 20; i++) {
                    System.gc();
                    Thread.sleep(20); // the collector and the cleaner are other threads
                }
            }
            System.out.println("done");
        }

        private static void forgetAMessage() {
            Message.allocate(123);
        }

        private static void forgetASocket() {
            RepSocket.open();
        }

        private static void forgetAContext(RepSocket rep) {
            rep.openContext();
        }

        private static void useWell() throws Exception {
            try (RepSocket rep = RepSocket.open();
                    ReqSocket req = ReqSocket.open()) {
                Peers.connect(rep, req);
                RepContext closesWithItsSocket = rep.openContext();
                req.send(Message.allocate(10));
                try (Message message = closesWithItsSocket.receive(Duration.ofSeconds(5))) {
                    closesWithItsSocket.send(message.duplicate());
                }
                req.receive().detach().close();
                req.requestAsync(Message.allocate(1)).cancel(true);
                Message afterwards = Message.allocate(1);
                await().until(() -> req.trySend(afterwards)); // the request may be on its way to the pipe still
            }
        }
    }

    /** Forgets more than there is memory for. */
    static final class ForgetfulOfMuch {
        private ForgetfulOfMuch() {}

        public static void main(String[] args) throws Exception {
            byte[] body = new byte[1 << 20];
            for (int i = 0; i < 1000; i++) {
                Message.of(body);
                if (i % 20 == 0) {
                    System.gc();
                    Thread.sleep(5); // the cleaner is another thread
                }
            }
            await().untilAsserted(() -> {
                System.gc();
                assertThat(residentKiB()).isLessThan(500 << 10);
            });
        }

        private static long residentKiB() throws IOException {
            String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(candidate -> candidate.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    /** Keeps the body and not the message. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) throws Exception {
            ByteBuffer body = Message.of(new byte[] {42}).body().slice();
            for (int i = 0; i < 10; i++) {
                System.gc();
                Thread.sleep(20); // the cleaner is another thread
            }
            System.out.println("in use: " + body.get(0));
        }
    }
}
