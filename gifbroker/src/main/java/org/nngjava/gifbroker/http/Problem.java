package org.nngjava.gifbroker.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.Locale;
import org.nngjava.workers.JobError;

/**
 * An error as RFC 9457 describes it, with the member {@code code} for programs.
 *
 * @param title what is wrong in general
 * @param status the HTTP status
 * @param code a word that programs test
 * @param detail what is wrong this time
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "code"})
public record Problem(String title, int status, String code, String detail) {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A problem of a known type. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type.title(), type.status(), type.code(), detail);
    }

    /**
     * Why a job failed: with what is wrong with the movie, 422, and with what went wrong here, 500.
     *
     * @param error as the queue keeps it
     */
    public static Problem of(JobError error) {
        String code = code(error);
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.code().equals(code))
                .findFirst()
                .map(type -> of(type, error.message()))
                .orElseGet(() -> {
                    ProblemType general = error.permanent() ? ProblemType.UNPROCESSABLE : ProblemType.CONVERSION_FAILED;
                    return new Problem(general.title(), general.status(), code, error.message());
                });
    }

    /** Why a job failed of which others know what it is about. */
    static Problem ofWork(JobError error) {
        return new Problem("The job failed", error.permanent() ? 422 : 500, code(error), error.message());
    }

    private static String code(JobError error) {
        return error.code().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The problem's type, a URI that is a name and no address. */
    @JsonProperty
    public String type() {
        return "urn:gifbroker:problem:" + code;
    }
}
