package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerGateTest {
    private final AnswerGate gate = new AnswerGate();
    private final List<String> run = new ArrayList<>();

    @Test
    void oneAnswerIsLetThroughAtATime() {
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
        gate.leave();
        assertThat(gate.tryEnter()).isTrue();
    }

    @Test
    void nothingIsPutOffWhileNoAnswerIsUnderWay() {
        assertThat(gate.putOff(() -> run.add("first"))).isFalse();
        gate.tryEnter();
        gate.leave();
        assertThat(run).isEmpty();
    }

    @Test
    void allThatWasPutOffGoesOnWhenTheAnswerHasLeft() {
        gate.tryEnter();
        assertThat(gate.putOff(() -> run.add("first"))).isTrue();
        assertThat(gate.putOff(() -> run.add("second"))).isTrue();
        gate.leave();
        assertThat(run).containsExactly("first", "second");
    }

    @Test
    void whatIsTakenBackDoesNotGoOn() {
        Runnable first = () -> run.add("first");
        Runnable second = () -> run.add("second");
        gate.tryEnter();
        gate.putOff(first);
        gate.putOff(second);
        assertThat(gate.takeBack(first)).isTrue();
        assertThat(gate.takeBack(first)).isFalse();
        gate.leave();
        assertThat(run).containsExactly("second");
        assertThat(gate.takeBack(second)).isFalse();
    }
}
