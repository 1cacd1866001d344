package org.nngjava.gifbroker.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nngjava.workers.LeasedJob;

/**
 * A job as a line of a stream.
 *
 * @param event {@code job}
 * @param job its id
 * @param type what is to be done
 * @param attempt counts the attempts at the job, this one included
 * @param token names the lease
 * @param leaseMs how long the lease lasts from now, and from each time that the worker lets hear of it
 * @param timeoutMs how long the attempt may take, however often the lease is extended
 * @param options what the submitter says to the worker
 * @param payloadBytes size of the payload
 * @param payload the payload, if it is small and a text in UTF-8; else null
 * @param payloadBase64 the payload, if it is small and no text; else null
 * @param links where to go on
 */
@JsonPropertyOrder({
    "event",
    "job",
    "type",
    "attempt",
    "token",
    "leaseMs",
    "timeoutMs",
    "options",
    "payloadBytes",
    "payload",
    "payloadBase64",
    "links"
})
public record WorkLine(
        String event,
        String job,
        String type,
        int attempt,
        String token,
        long leaseMs,
        long timeoutMs,
        Map<String, String> options,
        long payloadBytes,
        String payload,
        String payloadBase64,
        Links links) {
    /** The event of a line that is a job. */
    public static final String JOB = "job";

    /** The event of a line that takes a job back. */
    public static final String CANCEL = "cancel";

    /** The event of the last line. */
    public static final String END = "end";

    /** Why a stream ends: the worker was told to end, by an order. */
    public static final String HALTED = "halted";

    /** Why a stream ends: the server stops. */
    public static final String CLOSING = "closing";

    /** Why a stream ends: nothing was heard of the worker while a lease ran out. */
    public static final String SILENT = "silent";

    /** Why a stream ends that nobody reads any more. */
    static final String BROKEN = "broken";

    /**
     * Where to go on. All of them are good for as long as the lease is.
     *
     * @param fetch GET: the payload
     * @param result POST: the work is done, and this is the result
     * @param error POST: the attempt has failed
     * @param heartbeat POST: the worker is at it
     * @param giveBack POST: somebody else is to do it
     */
    @JsonPropertyOrder({"fetch", "result", "error", "heartbeat", "giveBack"})
    public record Links(String fetch, String result, String error, String heartbeat, String giveBack) {
        private static Links of(LeasedJob job) {
            String base = "/v1/work/" + job.id();
            String lease = "?token=" + job.token();
            return new Links(
                    base + "/payload" + lease,
                    base + "/result" + lease,
                    base + "/error" + lease,
                    base + "/heartbeat" + lease,
                    base + "/return" + lease);
        }
    }

    /**
     * A job that is not wanted any more, or the end of the stream.
     *
     * @param event {@code cancel} or {@code end}
     * @param job the job's id, or null
     * @param token names its lease, or null
     * @param reason why the stream ends, or null
     */
    @JsonPropertyOrder({"event", "job", "token", "reason"})
    public record Notice(String event, String job, String token, String reason) {}

    static WorkLine of(LeasedJob job, Duration lease) {
        Optional<byte[]> small = job.smallPayload();
        Optional<String> text = small.flatMap(WorkLine::text);
        return new WorkLine(
                JOB,
                job.id(),
                job.type(),
                job.attempt(),
                job.token(),
                lease.toMillis(),
                job.timeout().toMillis(),
                new TreeMap<>(job.options()),
                job.payloadSize(),
                text.orElse(null),
                text.isPresent()
                        ? null
                        : small.map(Base64.getEncoder()::encodeToString).orElse(null),
                Links.of(job));
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
