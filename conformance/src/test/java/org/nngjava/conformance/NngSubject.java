package org.nngjava.conformance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.nngjava.BusSocket;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.NngException;
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
import org.nngjava.Size;
import org.nngjava.Socket;
import org.nngjava.SubSocket;
import org.nngjava.SurveyorSocket;

/** A socket of nng-java that listens, with the program behind it that its protocol needs to be judged. */
final class NngSubject implements Subject {
    /** What its messages begin with. */
    static final String SENDS = "message ";

    private static final Duration RESEND_TIME = Duration.ofSeconds(1);
    private static final Duration SURVEY_TIME = Duration.ofSeconds(1);
    private static final int PADDING = 2000;

    private final Protocol protocol;
    private final Socket socket;
    private final String url;
    private final Traits traits;
    private final Received received = new Received();

    private NngSubject(Protocol protocol, Socket socket, String address, long limit) {
        this.protocol = protocol;
        this.socket = socket;
        this.traits = new Traits(limit, RESEND_TIME, SENDS, Traits.TOPIC);
        socket.set(NngOptions.RECV_MAX_SIZE, Size.ofBytes(limit));
        this.url = socket.listen(address).url();
        switch (protocol) {
            case REP, RESPONDENT, PAIR0, PAIR1 -> run("echo", () -> echo((Receiver) socket, (Sender) socket));
            case REQ, SURVEYOR -> run("ask", () -> ask((Sender) socket, (Receiver) socket));
            case PUB, PUSH -> run("send", () -> send((Sender) socket));
            case SUB, PULL -> run("receive", () -> receive((Receiver) socket));
            case BUS -> {
                run("send", () -> send((Sender) socket));
                run("receive", () -> receive((Receiver) socket));
            }
        }
    }

    /** Opens one that listens at an address of its own, ipc in this directory, and takes messages of up to so many bytes. */
    static NngSubject open(Protocol protocol, Transport transport, Path directory, long limit) {
        Socket socket = switch (protocol) {
            case PAIR0 -> PairSocket.openVersion0();
            case PAIR1 -> PairSocket.open();
            case PUB -> PubSocket.open();
            case SUB -> SubSocket.open();
            case REQ -> ReqSocket.open();
            case REP -> RepSocket.open();
            case PUSH -> PushSocket.open();
            case PULL -> PullSocket.open();
            case SURVEYOR -> SurveyorSocket.open();
            case RESPONDENT -> RespondentSocket.open();
            case BUS -> BusSocket.open();
        };
        try {
            if (socket instanceof SubSocket sub) {
                sub.subscribe(Traits.TOPIC);
            }
            if (socket instanceof ReqSocket req) {
                req.set(NngOptions.REQ_RESEND_TIME, RESEND_TIME);
            }
            if (socket instanceof SurveyorSocket surveyor) {
                surveyor.set(NngOptions.SURVEY_TIME, SURVEY_TIME);
            }
            return new NngSubject(protocol, socket, address(protocol, transport, directory), limit);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static String address(Protocol protocol, Transport transport, Path directory) {
        return switch (transport) {
            case TCP -> "tcp://127.0.0.1:0";
            case WS -> "ws://127.0.0.1:0/sp";
            case IPC -> "ipc://" + directory.resolve(protocol + ".ipc");
        };
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public Optional<Received> received() {
        return Optional.of(received);
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public void close() {
        socket.close();
    }

    private void run(String what, Runnable loop) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (NngClosedException e) {
                        received.add(Trial.nothing()); // nobody looks any more
                    }
                },
                what + " of " + url);
        thread.setDaemon(true);
        thread.start();
    }

    private void echo(Receiver in, Sender out) {
        while (true) {
            byte[] message = in.receiveBytes();
            received.add(message);
            out.send(message);
        }
    }

    private void receive(Receiver in) {
        while (true) {
            received.add(in.receiveBytes());
        }
    }

    private void send(Sender out) {
        for (int i = 0; ; i++) {
            out.send((SENDS + i + " ".repeat(PADDING)).getBytes(StandardCharsets.US_ASCII));
            pause();
        }
    }

    private void ask(Sender out, Receiver in) {
        for (int i = 0; ; i++) {
            try {
                out.send((SENDS + i).getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    try (Message answer = in.receive()) {
                        received.add(answer.toByteArray());
                    }
                }
            } catch (NngClosedException e) {
                throw e;
            } catch (NngException e) {
                // The question has been answered, or is over: on to the next.
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
