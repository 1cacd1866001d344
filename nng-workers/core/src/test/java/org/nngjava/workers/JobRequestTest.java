package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobRequestTest {
    @Test
    void aTypeHasANameOfSensibleLength() {
        assertThatIllegalArgumentException().isThrownBy(() -> JobRequest.builder(""));
        assertThatIllegalArgumentException().isThrownBy(() -> JobRequest.builder("x".repeat(129)));
    }

    @Test
    void optionsFitIntoAMessage() {
        JobRequest.Builder builder = JobRequest.builder("x").options(Map.of("k", "v".repeat(8_192)));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @Test
    void halfASurrogatePairIsNoText() {
        JobRequest.Builder builder = JobRequest.builder("x").options(Map.of("k", "\ud800"));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
        assertThatIllegalArgumentException().isThrownBy(() -> JobRequest.builder("\udc00"));
    }

    @Test
    void timeAndRetriesMakeSense() {
        JobRequest.Builder builder = JobRequest.builder("x");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(ChronoUnit.FOREVER.getDuration()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retries(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.delay(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.delay(Duration.ofDays(40_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.runAt(Instant.MAX));
    }

    @Test
    void keysAndLabelsAreNames() {
        JobRequest.Builder builder = JobRequest.builder("x");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.key(""));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.labels("a", ""));
        for (int i = 0; i <= JobRequest.MAX_LABELS; i++) {
            builder.labels("label " + i);
        }
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @Test
    void theTimeToRunAtIsTheLastOneGiven() {
        Instant at = Instant.now().plusSeconds(100);
        JobRequest.Builder builder = JobRequest.builder("x").delay(Duration.ofDays(1));
        assertThat(builder.runAt(at).build().submission(null, null, null).dueAt())
                .isEqualTo(at);
        assertThat(builder.delay(Duration.ofDays(1))
                        .build()
                        .submission(null, null, null)
                        .dueAt())
                .isAfter(at);
    }

    @Test
    void thePayloadIsTheLastOneGiven() {
        Blob blob = new Blob("b", 1, null, "00");
        JobRequest request =
                JobRequest.builder("x").payload(new byte[1]).payload(blob).build();
        assertThat(request.storedPayload()).isEqualTo(blob);
        assertThat(request.payloadBytes()).isNull();
    }
}
