package org.nngjava;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Connects sockets for tests, for which a dial that has returned is not enough: the listener may not know its peer yet. */
final class Peers {
    private Peers() {}

    /** Connects two sockets over inproc and waits until each has the other as its peer. */
    static void connect(Socket listener, Socket dialer) {
        connect(listener, dialer, "inproc://" + UUID.randomUUID());
    }

    static void connect(Socket listener, Socket dialer, String url) {
        AtomicInteger connected = new AtomicInteger();
        for (Socket socket : new Socket[] {listener, dialer}) {
            socket.onPipe((event, pipe) -> {
                if (event == PipeEvent.ADD_POST) {
                    connected.incrementAndGet();
                }
            });
        }
        dialer.dial(listener.listen(url).url());
        await().until(() -> connected.get() >= 2);
    }

    /** A surveyor whose surveys do not end within a test, however busy the machine is. */
    static SurveyorSocket patientSurveyor() {
        SurveyorSocket surveyor = SurveyorSocket.open();
        surveyor.set(NngOptions.SURVEY_TIME, Duration.ofDays(1));
        return surveyor;
    }
}
