package org.nngjava;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * REP: receives requests and replies to them (sp-request-reply-01). The socket itself handles one request at a time: receive, then
 * send. {@link #receiveRequest()} gives requests that can be answered later, in any order, by any thread.
 */
public final class RepSocket extends Socket implements Sender, Receiver {
    private final ContextPool<RepContext> contexts = new ContextPool<>(this::openContext);

    private RepSocket() {
        super("rep", NNG::nng_rep0_open);
    }

    /** Opens a socket. */
    public static RepSocket open() {
        return new RepSocket();
    }

    /** Opens a context: receive, then send, apart from all others. */
    public RepContext openContext() {
        return new RepContext(this);
    }

    /** Receives a request to be answered later, as {@link #receive()} does. The caller replies to it or closes it. */
    public Request receiveRequest() {
        return new Request(Question.receive(contexts.lend(), Timeouts.OF_SOCKET));
    }

    /** Like {@link #receiveRequest()}, with a time-out of its own. */
    public Request receiveRequest(Duration timeout) {
        int millis = Timeouts.millis(timeout); // before there is a context
        return new Request(Question.receive(contexts.lend(), millis));
    }

    /** Receives a request if one is there. Never waits, and may be called anywhere. */
    public Optional<Request> tryReceiveRequest() {
        return Question.tryReceive(contexts.lend()).map(Request::new);
    }

    /** Receives a request without waiting, as {@link #receiveAsync()} does. Whoever gets it replies to it or closes it. */
    public CompletableFuture<Request> receiveRequestAsync() {
        return new QuestionFuture<>(contexts.lend(), Request::new, Timeouts.OF_SOCKET);
    }

    /** Like {@link #receiveRequestAsync()}, with a time-out of its own. */
    public CompletableFuture<Request> receiveRequestAsync(Duration timeout) {
        int millis = Timeouts.millis(timeout); // before there is a context
        return new QuestionFuture<>(contexts.lend(), Request::new, millis);
    }

    /**
     * Receives one request after the other and gives each to a handler, which replies to it or closes it, then or later. The next
     * receive starts when the handler has returned. Otherwise as {@link #onReceive(Consumer)}: the handler runs on NNG's thread and must
     * not block there. What it throws is logged, and its request closed.
     */
    public Transfer onRequest(Consumer<? super Request> handler) {
        return Inflow.handle(requests(), handler, Request::close, null);
    }

    /** Like {@link #onRequest(Consumer)}, but the handler runs by an executor, one request at a time, and may block. */
    public Transfer onRequest(Consumer<? super Request> handler, Executor executor) {
        return Inflow.handle(requests(), handler, Request::close, Objects.requireNonNull(executor, "executor"));
    }

    /** The requests as a publisher, like {@link #publisher()}: a subscriber that asks for one after each reply has only one open. */
    public Flow.Publisher<Request> requestPublisher() {
        return subscriber -> Inflow.start(requests(), subscriber, null);
    }

    private QuestionSource<Request> requests() {
        return new QuestionSource<>(contexts, Request::new);
    }
}
