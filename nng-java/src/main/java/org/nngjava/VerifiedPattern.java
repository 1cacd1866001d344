package org.nngjava;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** A pattern of the scalability protocols, as {@link NngVerifier} sends messages through it. */
enum VerifiedPattern {
    REQUEST_REPLY("request/reply") {
        @Override
        Course open() {
            ReqSocket asking = ReqSocket.open();
            RepSocket answering = RepSocket.open();
            return new Course(answering, asking, body -> {
                asking.send(body);
                answering.send(answering.receiveBytes());
                return asking.receiveBytes();
            });
        }
    },
    PUBLISH_SUBSCRIBE("publish/subscribe") {
        @Override
        Course open() {
            PubSocket publishing = PubSocket.open();
            SubSocket subscribed = SubSocket.open();
            subscribed.subscribe(new byte[0]);
            return new Course(publishing, subscribed, body -> {
                publishing.send(body);
                return subscribed.receiveBytes();
            });
        }
    },
    PIPELINE("pipeline") {
        @Override
        Course open() {
            PushSocket pushing = PushSocket.open();
            PullSocket pulling = PullSocket.open();
            return new Course(pulling, pushing, body -> {
                pushing.send(body);
                return pulling.receiveBytes();
            });
        }
    },
    PAIR("pair") {
        @Override
        Course open() {
            PairSocket here = PairSocket.open();
            PairSocket there = PairSocket.open();
            return new Course(there, here, body -> {
                here.send(body);
                there.send(there.receiveBytes());
                return here.receiveBytes();
            });
        }
    },
    BUS("bus") {
        @Override
        Course open() {
            BusSocket here = BusSocket.open();
            BusSocket there = BusSocket.open();
            return new Course(there, here, body -> {
                here.send(body);
                there.send(there.receiveBytes());
                return here.receiveBytes();
            });
        }
    },
    SURVEY("survey") {
        @Override
        Course open() {
            SurveyorSocket asking = SurveyorSocket.open();
            RespondentSocket answering = RespondentSocket.open();
            asking.set(NngOptions.SURVEY_TIME, NngVerifier.PATIENCE);
            return new Course(answering, asking, body -> {
                asking.send(body);
                answering.send(answering.receiveBytes());
                return asking.receiveBytes();
            });
        }
    };

    private static final int SMALL = 16 * 1024;
    private static final int LARGE = 1024 * 1024;

    private final String text;

    VerifiedPattern(String text) {
        this.text = text;
    }

    abstract Course open();

    /** Two sockets and a way through them. */
    record Course(Socket listening, Socket dialing, Way way) implements AutoCloseable {
        Course {
            for (Socket socket : new Socket[] {listening, dialing}) {
                socket.set(NngOptions.SEND_TIMEOUT, NngVerifier.PATIENCE);
                socket.set(NngOptions.RECV_TIMEOUT, NngVerifier.PATIENCE);
            }
        }

        @Override
        public void close() {
            dialing.close();
            listening.close();
        }
    }

    /** Sends a message all the way and gives what comes out. */
    interface Way {
        byte[] through(byte[] body);
    }

    /** Sends messages of many sizes for some time and compares them byte for byte. */
    String verify(VerifiedTransport transport, Duration time) {
        Random random = new Random();
        long start = System.nanoTime();
        int messages = 0;
        long bytes = 0;
        try (Course course = open()) {
            transport.connect(course.listening(), course.dialing());
            do {
                byte[] body = new byte[random.nextInt(messages % 32 == 1 ? LARGE : SMALL)];
                random.nextBytes(body);
                byte[] out = course.way().through(body);
                int difference = Arrays.mismatch(body, out);
                if (difference >= 0) {
                    throw new IllegalStateException("a message of " + body.length + " bytes came out as " + out.length
                            + " bytes that differ from byte " + difference + " on");
                }
                messages++;
                bytes += body.length;
            } while (System.nanoTime() - start < time.toNanos());
        }
        return messages + (messages == 1 ? " message, " : " messages, ") + bytes / 1024 + " KiB";
    }

    @Override
    public String toString() {
        return text;
    }
}
