package org.nngjava.workers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpiryTest {
    private final Expiry<String> expiry = new Expiry<>(100);

    @Test
    void thingsExpireInTheOrderInWhichTheyWereTouched() {
        expiry.touch("a", 0);
        expiry.touch("b", 10);
        expiry.touch("a", 20);
        assertThat(expiry.nextDeadline()).isEqualTo(110);
        assertThat(expiry.pollExpired(109)).isEmpty();
        assertThat(expiry.pollExpired(119)).contains("b");
        assertThat(expiry.pollExpired(119)).isEmpty();
        assertThat(expiry.pollExpired(120)).contains("a");
        assertThat(expiry.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeadlineThatIsThereIsNotMovedByPuttingItAgain() {
        expiry.putIfAbsent("a", 0);
        expiry.putIfAbsent("a", 50);
        assertThat(expiry.pollExpired(100)).contains("a");
    }
}
