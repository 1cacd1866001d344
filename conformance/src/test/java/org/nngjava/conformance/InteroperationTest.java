package org.nngjava.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.nngjava.BusSocket;
import org.nngjava.NngOptions;
import org.nngjava.PairSocket;
import org.nngjava.PubSocket;
import org.nngjava.PullSocket;
import org.nngjava.PushSocket;
import org.nngjava.Receiver;
import org.nngjava.RepSocket;
import org.nngjava.ReqSocket;
import org.nngjava.RespondentSocket;
import org.nngjava.Sender;
import org.nngjava.Socket;
import org.nngjava.SubSocket;
import org.nngjava.SurveyorSocket;

/** nng-java and the programs of NNG and nanomsg, each as the one that listens and the one that dials. */
@Execution(ExecutionMode.CONCURRENT)
class InteroperationTest {
    /** Begins with the topic that the programs subscribe to. */
    private static final byte[] OURS = (Traits.TOPIC + " ours").getBytes(US_ASCII);

    private static final byte[] THEIRS = Implementation.DATA.getBytes(US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> talksToNngcat() {
        return talksTo(Implementation.NNGCAT);
    }

    @TestFactory
    Stream<DynamicTest> talksToNanocat() {
        return talksTo(Implementation.NANOCAT);
    }

    private Stream<DynamicTest> talksTo(Implementation implementation) {
        assumeTrue(implementation.isInstalled(), implementation.program() + " is not installed");
        return implementation.protocols().stream()
                .flatMap(theirs -> Arrays.stream(Transport.values())
                        .flatMap(transport -> Stream.of(
                                dynamicTest(
                                        theirs + " listens on " + transport,
                                        () -> dialsIt(implementation, theirs, transport)),
                                dynamicTest(
                                        theirs + " dials on " + transport,
                                        () -> isDialled(implementation, theirs, transport)))));
    }

    private void dialsIt(Implementation implementation, Protocol theirs, Transport transport) throws IOException {
        try (ProcessSubject peer = ProcessSubject.start(
                        implementation.listening(theirs, interval(theirs)),
                        theirs,
                        transport,
                        Traits.unknown(),
                        PATIENCE);
                Socket socket = peerOf(theirs)) {
            socket.dial(peer.url());
            talk(socket, theirs, peer);
        }
    }

    private void isDialled(Implementation implementation, Protocol theirs, Transport transport) throws IOException {
        String address = switch (transport) {
            case TCP -> "tcp://127.0.0.1:0";
            case WS -> "ws://127.0.0.1:0/";
            case IPC -> "ipc://" + directory.resolve(implementation + "." + theirs);
        };
        try (Socket socket = peerOf(theirs)) {
            String url = socket.listen(address).url();
            try (ProcessSubject peer =
                    ProcessSubject.dialling(implementation.dialling(theirs, interval(theirs)), theirs, url)) {
                talk(socket, theirs, peer);
            }
        }
    }

    /** A nngcat whose send has to wait longer than that for its peer ends. The others send before anybody is there, and again. */
    private static int interval(Protocol theirs) {
        return switch (theirs) {
            case PAIR0, PAIR1, REQ -> 60;
            default -> 1;
        };
    }

    private static void talk(Socket socket, Protocol theirs, ProcessSubject peer) {
        switch (theirs) {
            case PUB, PUSH -> expectTheirs((Receiver) socket);
            case SUB, PULL -> untilTheyHaveOurs((Sender) socket, peer);
            case REQ, SURVEYOR -> {
                expectTheirs((Receiver) socket);
                ((Sender) socket).send(OURS);
                assertThat(theyHaveOurs(peer, PATIENCE)).isTrue();
            }
            case REP, RESPONDENT -> {
                untilTheyHaveOurs((Sender) socket, peer);
                expectTheirs((Receiver) socket);
            }
            case PAIR0, PAIR1, BUS -> {
                expectTheirs((Receiver) socket);
                untilTheyHaveOurs((Sender) socket, peer);
            }
        }
    }

    private static void expectTheirs(Receiver socket) {
        assertThat(socket.receiveBytes()).isEqualTo(THEIRS);
    }

    /** Sends again and again: what is published before a peer has joined does not reach it. */
    private static void untilTheyHaveOurs(Sender socket, ProcessSubject peer) {
        await().atMost(PATIENCE).until(() -> {
            socket.send(OURS);
            peer.requireAlive();
            return theyHaveOurs(peer, Duration.ofMillis(200));
        });
    }

    private static boolean theyHaveOurs(ProcessSubject peer, Duration patience) {
        Optional<byte[]> ours = peer.received().orElseThrow().next(message -> Arrays.equals(message, OURS), patience);
        return ours.isPresent();
    }

    private static Socket peerOf(Protocol theirs) {
        Socket socket = switch (theirs) {
            case PAIR0 -> PairSocket.openVersion0();
            case PAIR1 -> PairSocket.open();
            case PUB -> SubSocket.open();
            case SUB -> PubSocket.open();
            case REQ -> RepSocket.open();
            case REP -> ReqSocket.open();
            case PUSH -> PullSocket.open();
            case PULL -> PushSocket.open();
            case SURVEYOR -> RespondentSocket.open();
            case RESPONDENT -> SurveyorSocket.open();
            case BUS -> BusSocket.open();
        };
        socket.set(NngOptions.RECV_TIMEOUT, PATIENCE);
        socket.set(NngOptions.SEND_TIMEOUT, PATIENCE);
        if (socket instanceof SurveyorSocket surveyor) {
            surveyor.set(NngOptions.SURVEY_TIME, PATIENCE);
        }
        if (socket instanceof SubSocket sub) {
            sub.subscribe(Implementation.DATA);
        }
        return socket;
    }
}
