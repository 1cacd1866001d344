package org.nngjava.gifbroker.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says as a problem what Jetty refuses before any handler sees it, such as headers that are too large. */
final class ProblemErrorHandler extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        Problem problem = switch (code) {
            case 431 -> Problem.of(ProblemType.HEADERS_TOO_LARGE, "The request's headers are too large");
            case 500 -> Problem.of(ProblemType.INTERNAL, "See the server's log");
            case 503 -> Problem.of(ProblemType.CLOSING, "The server takes no more work; try again soon");
            default ->
                new Problem(
                        HttpStatus.getMessage(code),
                        code,
                        "http-" + code,
                        message == null ? HttpStatus.getMessage(code) : message);
        };
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (code == 503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
        }
        response.write(true, ByteBuffer.wrap(Json.bytes(problem)), callback);
    }
}
