package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.media.OutputFormat;

class AcceptedFormatTest {
    @ParameterizedTest
    @CsvSource({
        "image/webp, WEBP",
        "video/mp4, MP4",
        "VIDEO/MP4, MP4",
        "video/*, MP4",
        "'image/webp, image/gif;q=0.5', WEBP",
        "'image/webp;q=0.9, image/gif;q=0.95',",
        "'image/avif,image/webp,*/*;q=0.8', WEBP",
        "'image/gif, image/webp',",
        "image/*,",
        "*/*,",
        "'image/gif;q=0, */*', WEBP",
        "'video/mp4;q=0, image/webp;q=0.001', WEBP",
        "application/json,",
        "'',",
        "'image/webp;q=2',WEBP",
        "';;,,/',",
        ","
    })
    void theFormatThatIsPreferredToAGifIsTaken(String accept, OutputFormat expected) {
        assertThat(AcceptedFormat.of(accept).orElse(null)).isEqualTo(expected);
    }
}
