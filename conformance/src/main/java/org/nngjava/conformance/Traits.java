package org.nngjava.conformance;

import java.time.Duration;

/**
 * What is known of an endpoint. Cases that need more than is known are not applicable.
 *
 * @param limit the longest message it accepts, in bytes; 0 if that is not known
 * @param resendTime after which time REQ sends an unanswered request again; null if that is not known
 * @param sends what the messages of its program begin with; null if that is not known
 * @param topic what SUB is subscribed to, and to nothing else
 */
public record Traits(long limit, Duration resendTime, String sends, String topic) {
    /** What SUB is subscribed to unless something else is said. */
    public static final String TOPIC = "conformance";

    /** Nothing is known. */
    public static Traits unknown() {
        return new Traits(0, null, null, TOPIC);
    }

    Traits withLimit(long bytes) {
        return new Traits(bytes, resendTime, sends, topic);
    }

    Traits withResendTime(Duration time) {
        return new Traits(limit, time, sends, topic);
    }

    Traits withSends(String text) {
        return new Traits(limit, resendTime, text, topic);
    }

    Traits withTopic(String text) {
        return new Traits(limit, resendTime, sends, text);
    }
}
