package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * REQ: sends requests and receives their replies (sp-request-reply-01). The socket itself has one request under way at a time, a
 * new one cancels the old; {@link #openContext()} gives more.
 *
 * <p>An unanswered request is sent again when its connection is lost and every {@link NngOptions#REQ_RESEND_TIME}, so a request may be
 * served more than once.
 */
public final class ReqSocket extends Socket implements Sender, Receiver {
    private final ContextPool<ReqContext> contexts = new ContextPool<>(this::openContext);

    private ReqSocket() {
        super("req", NNG::nng_req0_open);
    }

    /** Opens a socket. */
    public static ReqSocket open() {
        return new ReqSocket();
    }

    /** Opens a context, which has a request of its own under way. */
    public ReqContext openContext() {
        return new ReqContext(this);
    }

    /**
     * Sends a request on a context of its own and waits for its reply, by the time-outs of this socket. Requests of several threads do
     * not disturb each other. The request is sent as {@link #send(Message)} does it: if that fails it is still the caller's.
     */
    public Message request(Message request) {
        Objects.requireNonNull(request, "request");
        return ask(context -> context.request(request));
    }

    /** Like {@link #request(Message)}; waits for the reply at most {@code timeout} once the request is sent. */
    public Message request(Message request, Duration timeout) {
        Objects.requireNonNull(request, "request");
        return ask(context -> context.request(request, timeout));
    }

    /** Sends a request on a context of its own and gives its reply. Requests of several threads do not disturb each other. */
    public CompletableFuture<Message> requestAsync(Message request) {
        Objects.requireNonNull(request, "request");
        ContextPool.Loan<ReqContext> loan;
        try {
            loan = contexts.lend();
        } catch (RuntimeException e) {
            request.close();
            throw e;
        }
        try {
            return loan.context().ask(request, loan::end);
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
    }

    private Message ask(Function<ReqContext, Message> question) {
        ContextPool.Loan<ReqContext> loan = contexts.lend();
        try {
            Message reply = question.apply(loan.context());
            loan.end();
            return reply;
        } catch (RuntimeException e) {
            loan.close();
            throw e;
        }
    }
}
