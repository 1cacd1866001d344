package org.nngjava.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
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
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retries(-1));
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
