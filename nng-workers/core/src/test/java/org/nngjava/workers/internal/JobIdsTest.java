package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private final FakeTime time = new FakeTime();

    @Test
    void idsSortInTheOrderInWhichTheyWereMade() {
        JobIds ids = new JobIds(time, new Random(1));
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            made.add(ids.next());
            time.advance(Duration.ofMillis(i % 3 == 0 ? 1 : 0));
        }
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-z]{26}"));
    }

    @Test
    void idsOfALaterStartSortAfterEarlierOnesEvenIfTheClockWasSetBack() {
        JobIds before = new JobIds(time, new Random(1));
        time.advance(Duration.ofHours(1));
        String last = before.next();
        JobIds after = new JobIds(new FakeTime(), new Random(2));
        after.continueAfter(last);
        assertThat(after.next()).isGreaterThan(last);
    }

    @Test
    void aFullCounterCarriesOver() {
        Random allOnes = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public long nextLong() {
                return -1;
            }
        };
        JobIds ids = new JobIds(time, allOnes);
        assertThat(ids.next()).isLessThan(ids.next());
    }
}
