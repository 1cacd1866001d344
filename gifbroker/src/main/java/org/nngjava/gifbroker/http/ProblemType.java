package org.nngjava.gifbroker.http;

/** Everything that can be wrong with a request, in the words of RFC 9457: a status, a code that programs test and a title. */
public enum ProblemType {
    BAD_REQUEST(400, "bad-request", "The request cannot be understood"),
    INVALID_OPTION(400, "invalid-option", "An option has a value that it cannot have"),
    EMPTY_BODY(400, "empty-body", "There is no movie in the request"),
    BAD_MULTIPART(400, "bad-multipart", "The multipart body cannot be read"),
    UNAUTHORIZED(401, "unauthorized", "The request does not show the token"),
    FOREIGN_HOST(403, "foreign-host", "The request names another host"),
    FOREIGN_ORIGIN(403, "foreign-origin", "The request comes from another web page"),
    NOT_FOUND(404, "not-found", "There is nothing here"),
    UNKNOWN_JOB(404, "unknown-job", "There is no such job"),
    UNKNOWN_WORKER(404, "unknown-worker", "There is no such worker"),
    UNKNOWN_UPLOAD(404, "unknown-upload", "There is no such upload"),
    NO_POSTER(404, "no-poster", "The GIF has no poster"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This resource does not know the method"),
    TOO_SLOW(408, "too-slow", "The request did not come in time"),
    NOT_READY(409, "not-ready", "The result is not ready yet"),
    FINISHED(409, "finished", "The job has come to its end"),
    NOT_RETRYABLE(409, "not-retryable", "The job cannot be tried again"),
    STALE_LEASE(409, "stale-lease", "The lease of the job has ended"),
    OFFSET_MISMATCH(409, "offset-mismatch", "The upload goes on elsewhere"),
    CANCELLED(410, "cancelled", "The job was cancelled"),
    GONE(410, "gone", "The result is no longer kept"),
    TUS_VERSION(412, "tus-version", "The server speaks another version of tus"),
    TOO_LARGE(413, "too-large", "The body is larger than this server takes"),
    UNSUPPORTED_TYPE(415, "unsupported-type", "The body has another type than it must have"),
    RANGE_NOT_SATISFIABLE(416, "range-not-satisfiable", "The range lies outside the GIF"),
    UNPROCESSABLE(422, "unprocessable", "The movie cannot be converted"),
    UNREADABLE(422, "unreadable", "The movie cannot be read"),
    NOT_A_MOVIE(422, "not-a-movie", "This is not a movie"),
    NO_PICTURE(422, "no-picture", "The movie has no picture"),
    START_BEYOND_END(422, "start-beyond-end", "The movie ends before the start that was asked for"),
    CROP_BEYOND_PICTURE(422, "crop-beyond-picture", "The crop reaches beyond the movie's picture"),
    UNSUPPORTED(422, "unsupported", "This server's ffmpeg cannot do that"),
    LIMIT(422, "limit", "The movie exceeds a limit of this server"),
    KEY_REUSED(422, "key-reused", "The Idempotency-Key belongs to another request"),
    UPLOAD_LOCKED(423, "upload-locked", "The upload is in use"),
    RESULT_LOCKED(423, "result-locked", "The result is being sent by another request"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The request's headers are too large"),
    QUEUE_FULL(429, "queue-full", "The queue is full"),
    CONVERSION_FAILED(500, "conversion-failed", "The conversion failed"),
    INTERNAL(500, "internal", "The server made a mistake"),
    UNKNOWN_CODING(501, "unknown-coding", "The body is coded in a way that this server does not know"),
    CLOSING(503, "closing", "The server is closing"),
    UNREADY(503, "unready", "The server is not ready"),
    STORE_FAILED(503, "store-failed", "The jobs cannot be read or written"),
    DISK_FULL(507, "disk-full", "The body could not be stored");

    private final int status;
    private final String code;
    private final String title;

    ProblemType(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** The HTTP status that goes with it. */
    public int status() {
        return status;
    }

    /** The word that programs test, such as {@code empty-body}; stable over versions. */
    public String code() {
        return code;
    }

    /** What is wrong, in one sentence for people, the same each time. */
    public String title() {
        return title;
    }
}
