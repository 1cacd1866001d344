package org.nngjava.workers.internal;

import java.util.random.RandomGenerator;

/** Makes ids that sort, as text, in the order in which they were made: 48 bits of time, then 80 random bits. */
final class JobIds {
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int BITS = 5;
    private static final int LENGTH = 26;
    private static final int RANDOM_HIGH_BITS = 16;

    private final TimeSource time;
    private final RandomGenerator random;
    private long millis;
    private long high;
    private long low;

    JobIds(TimeSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    String next() {
        long now = time.now().toEpochMilli();
        if (now > millis) {
            millis = now;
            high = random.nextLong() >>> (Long.SIZE - RANDOM_HIGH_BITS + 1);
            low = random.nextLong();
        } else if (++low == 0) {
            high++;
        }
        char[] text = new char[LENGTH];
        long upper = millis << RANDOM_HIGH_BITS | high;
        long lower = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (lower & (DIGITS.length - 1))];
            lower = lower >>> BITS | upper << (Long.SIZE - BITS);
            upper >>>= BITS;
        }
        return new String(text);
    }

    /** Makes later ids sort after this one, which an earlier start of the queue has made. */
    void continueAfter(String id) {
        long time48 = 0;
        for (int i = 0; i < 10 && i < id.length(); i++) {
            time48 = time48 << BITS | Math.max(0, new String(DIGITS).indexOf(id.charAt(i)));
        }
        millis = Math.max(millis, time48 + 1);
    }
}
