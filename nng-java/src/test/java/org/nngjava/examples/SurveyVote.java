package org.nngjava.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.RespondentSocket;
import org.nngjava.SurveyorSocket;

/** SURVEYOR/RESPONDENT: a vote, with as many answers as come until the deadline. */
public final class SurveyVote {
    private SurveyVote() {}

    public static void main(String[] args) throws Exception {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws Exception {
        List<Thread> voters = new ArrayList<>();
        try (SurveyorSocket chair = SurveyorSocket.open();
                RespondentSocket ann = RespondentSocket.open();
                RespondentSocket bob = RespondentSocket.open()) {
            String url = chair.listen("tcp://127.0.0.1:0").url();
            voters.add(voter(ann, url, "aye"));
            voters.add(voter(bob, url, "no"));
            List<String> votes = List.of();
            while (votes.size() < 2) { // a survey reaches whoever is connected when it is sent
                try (Stream<Message> answers =
                        chair.survey(Message.of("shall we?".getBytes(UTF_8)), Duration.ofMillis(500))) {
                    votes = answers.limit(2).map(SurveyVote::text).sorted().toList();
                }
            }
            votes.forEach(out);
        }
        for (Thread voter : voters) {
            voter.join();
        }
    }

    private static Thread voter(RespondentSocket socket, String url, String vote) {
        socket.dial(url);
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    socket.receiveSurvey().respond(vote.getBytes(UTF_8));
                }
            } catch (NngClosedException e) {
                // The end of the program.
            }
        });
        thread.start();
        return thread;
    }

    private static String text(Message message) {
        try (message) {
            return UTF_8.decode(message.body()).toString();
        }
    }
}
