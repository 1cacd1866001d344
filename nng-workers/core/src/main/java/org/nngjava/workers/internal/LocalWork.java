package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.nngjava.Message;
import org.nngjava.workers.QueueClosedException;

/**
 * The broker's end for the workers of its own process, beside the {@link WorkSocket}: the same requests and answers, but from thread to thread,
 * where NNG would have two more threads wake up on each way. Safe for use by many threads.
 */
final class LocalWork implements AutoCloseable {
    private static final Map<String, LocalWork> OPEN = new ConcurrentHashMap<>();

    private final EventLoop loop;
    private final Desk desk;
    private final Access access;
    private final List<String> urls;
    private final Set<LocalCaller> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens.
     *
     * @param urls where the broker is, for whoever looks for it; those that are not inproc are passed over
     */
    LocalWork(EventLoop loop, Desk desk, List<String> urls, Access access) {
        this.loop = loop;
        this.desk = desk;
        this.access = access;
        this.urls = urls.stream().filter(url -> url.startsWith("inproc:")).toList();
        this.urls.forEach(url -> OPEN.put(url, this));
    }

    /** The broker at an address, if there is one in this process. */
    static Optional<LocalWork> at(String url) {
        return Optional.ofNullable(OPEN.get(url));
    }

    /**
     * Asks.
     *
     * @param link names the link by which it is asked
     * @param url where it found this
     * @param token the token that is shown, or null
     * @param body what follows the header; not to be changed any more
     * @return completed by the broker's thread, or when this is closed
     */
    CompletableFuture<Answer> ask(int link, String url, String token, Request request, ByteBuffer body) {
        LocalCaller caller = new LocalCaller(link, url);
        unanswered.add(caller);
        caller.answer.whenComplete((received, failure) -> unanswered.remove(caller));
        loop.execute(() -> serve(caller, token, request, body));
        if (closed) {
            caller.refuse();
        }
        return caller.answer;
    }

    /** A link is closed. */
    void linkGone(int link) {
        loop.execute(() -> desk.pipeGone(link));
    }

    /** To be called when the broker's thread has ended. */
    @Override
    public void close() {
        closed = true;
        urls.forEach(url -> OPEN.remove(url, this));
        unanswered.forEach(LocalCaller::refuse);
    }

    private void serve(LocalCaller caller, String token, Request request, ByteBuffer body) {
        if (access.admits(token)) {
            desk.serve(caller, request, null, body);
        } else {
            caller.answer(Reply.Refused.denied(), null);
        }
    }

    private static final class LocalCaller implements Caller {
        private final int link;
        private final String url;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        LocalCaller(int link, String url) {
            this.link = link;
            this.url = url;
        }

        void refuse() {
            answer.completeExceptionally(new QueueClosedException("the queue is closed"));
        }

        @Override
        public int pipe() {
            return link;
        }

        @Override
        public String address() {
            return url;
        }

        @Override
        public void answer(Reply reply, ByteBuffer body) {
            answer.complete(new Answer(reply, body == null ? ByteBuffer.allocate(0) : body.duplicate(), null));
        }

        @Override
        public void answer(Message message) {
            Answer.complete(answer, message);
        }

        @Override
        public void abandon() {
            // Whoever asked has given it up.
        }
    }
}
