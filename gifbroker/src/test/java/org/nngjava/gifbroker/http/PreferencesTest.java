package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait=10",
                "Wait = 10",
                "respond-async, wait=10",
                "wait=10; foo=bar",
                "foo; x=\"a, wait=99\", wait=10",
                "wait=\"10\"",
                "wait=10, wait=20",
                " , wait=10,"
            })
    void theWaitIsFoundAmongOthers(String header) {
        assertThat(Preferences.parse(List.of(header)).waitFor()).contains(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait",
                "wait=",
                "wait=soon",
                "wait=-1",
                "wait=1.5",
                "wait=99999999999",
                "await=10",
                "x=\"wait=10"
            })
    void whatIsNoWaitIsPassedOver(String header) {
        assertThat(Preferences.parse(List.of(header)).waitFor()).isEmpty();
    }

    @Test
    void theFirstOfSeveralHeadersCounts() {
        assertThat(Preferences.parse(List.of("return=minimal", "wait=5", "wait=6"))
                        .waitFor())
                .contains(Duration.ofSeconds(5));
    }
}
