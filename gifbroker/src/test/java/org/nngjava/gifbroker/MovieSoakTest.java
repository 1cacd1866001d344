package org.nngjava.gifbroker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MovieSoakTest {
    @Test
    void aMovieBiggerThanTheHeapsThatItGoesThroughBecomesAGif() throws Exception {
        MovieSoak.Seen seen = MovieSoak.run(200);

        assertThat(seen.bytes()).isGreaterThan(190_000_000);
        assertThat(seen.isWell()).as(seen.toString()).isTrue();
    }
}
