package org.nngjava.gifbroker.media;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Durations as the seconds that people and ffmpeg write. */
final class Seconds {
    private Seconds() {}

    /** As a number, to reckon with. */
    static double of(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    static Duration toDuration(double seconds) {
        return toDuration(BigDecimal.valueOf(seconds));
    }

    /** To the microsecond, ffmpeg's own unit. */
    static Duration toDuration(BigDecimal seconds) {
        return Duration.ofNanos(
                seconds.setScale(6, RoundingMode.HALF_UP).movePointRight(9).longValueExact());
    }

    /** As a plain decimal without trailing zeros, the same in every locale. */
    static String format(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
                .add(BigDecimal.valueOf(duration.getNano(), 9))
                .setScale(6, RoundingMode.HALF_UP);
        return plain(seconds);
    }

    static String format(double seconds) {
        return plain(BigDecimal.valueOf(seconds).setScale(6, RoundingMode.HALF_UP));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
