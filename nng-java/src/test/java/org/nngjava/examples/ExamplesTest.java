package org.nngjava.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ExamplesTest {

    @Test
    void requestsAreAnswered() throws Exception {
        assertThat(printedBy(RequestReply::run))
                .containsExactly(
                        "1 squared is 1", "2 squared is 4", "3 squared is 9", "4 squared is 16", "5 squared is 25");
    }

    @Test
    void subscribersHearTheirTopics() throws Exception {
        assertThat(printedBy(PublishSubscribe::run))
                .containsExactly(
                        "weather: weather/berlin rain", "all: weather/berlin rain", "all: traffic/berlin none");
    }

    @Test
    void workGoesThroughThePipeline() throws Exception {
        assertThat(printedBy(Pipeline::run)).containsExactly("eriw", "lian", "raeg", "tlob");
    }

    @Test
    void aSurveyCollectsAnswers() throws Exception {
        assertThat(printedBy(SurveyVote::run)).containsExactly("aye", "no");
    }

    @Test
    void whatOneSaysOnTheBusTheOthersHear() throws Exception {
        assertThat(printedBy(BusChat::run))
                .containsExactly(
                        "ann hears hello from cid",
                        "bob hears hello from cid",
                        "cid hears hello from ann",
                        "cid hears hello from bob");
    }

    @Test
    void aPolyamorousPairAnswersWhoAsked() throws Exception {
        assertThat(printedBy(PairRooms::run)).containsExactly("a room for Ann: taken", "a room for Bob: taken");
    }

    @Test
    void oneThreadServesManySockets() throws Exception {
        assertThat(printedBy(ManySockets::run)).containsExactly("4 apples", "2 oranges");
    }

    @Test
    void channelsAndSocketsShareALoop() throws Exception {
        assertThat(printedBy(NioGateway::run)).containsExactly("hello HELLO", "world WORLD");
    }

    private interface Example {
        void run(Consumer<String> out) throws Exception;
    }

    private static List<String> printedBy(Example example) throws Exception {
        List<String> lines = new ArrayList<>();
        example.run(lines::add);
        return lines;
    }
}
