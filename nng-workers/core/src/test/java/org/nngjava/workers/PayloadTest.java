package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Payloads that are bigger than the memory of those who pass them on. */
@Timeout(240)
class PayloadTest {
    @Test
    void aPayloadTwiceAsBigAsTheHeapOfQueueAndWorkerGoesInAndOutWhileSmallJobsRun() throws IOException {
        PayloadSoak.Seen seen = PayloadSoak.run(64, "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        assertThat(seen.intact()).isTrue();
        assertThat(seen.queueResident()).isLessThan(200_000_000);
        assertThat(seen.workerResident()).isLessThan(200_000_000);
        assertThat(seen.meanwhile().count()).isPositive();
    }
}
