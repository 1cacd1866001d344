package org.nngjava.gifbroker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MediaSoakTest {
    @Test
    void damagedMoviesHarmNobody() throws Exception {
        MediaSoak.Seen seen = MediaSoak.run(40, 5);

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.ends().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(40);
        assertThat(seen.ends()).containsKey("GIF").hasSizeGreaterThan(1);
    }
}
