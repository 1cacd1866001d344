package org.nngjava.gifbroker.http;

import java.util.Map;

/** Ends a request with a problem, from wherever it is noticed. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /** A problem without headers of its own. */
    public ProblemException(ProblemType type, String detail) {
        this(Problem.of(type, detail), Map.of());
    }

    /** A problem with headers that go with it, such as {@code Retry-After}. */
    public ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail());
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    /** What the client is told. */
    public Problem problem() {
        return problem;
    }

    /** Headers of the response. */
    public Map<String, String> headers() {
        return headers;
    }
}
