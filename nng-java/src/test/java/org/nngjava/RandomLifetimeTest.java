package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A few rounds of what {@link LifetimeSoak} plays for long. */
@Isolated("counts the open files of this process")
class RandomLifetimeTest {
    @Test
    @Timeout(180)
    void closingAtRandomMomentsNeitherHangsNorCrashesNorLeaks() throws Exception {
        Patches.assume("stopped-aio-ends");
        Patches.assume("pair-forgets-a-stopped-pipe");
        Patches.assume("push-forgets-a-closed-pipe");
        LifetimeSoak.Result result = LifetimeSoak.run(System.nanoTime(), 300);
        assertThat(result.moreFiles()).as(result.toString()).isLessThan(20);
        assertThat(result.received()).as(result.toString()).isPositive();
    }
}
