package org.nngjava.workers.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.nngjava.Listener;
import org.nngjava.Message;
import org.nngjava.NngClosedException;
import org.nngjava.NngException;
import org.nngjava.NngOptions;
import org.nngjava.Pipe;
import org.nngjava.PipeEvent;
import org.nngjava.Protocol;
import org.nngjava.RawSocket;
import org.nngjava.Size;
import org.nngjava.Socket;

/**
 * The broker's end of the wire to its workers: a raw REP socket. Whoever asks is remembered as the header of the request,
 * and is answered whenever there is something to say. For the broker's thread.
 *
 * <p>The next request is received when the last one is dealt with, so a broker that is busy makes its workers wait instead
 * of filling up.
 */
final class WorkSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkSocket.class.getName());

    private final Access access;
    private final EventLoop loop;
    private final Desk desk;
    private final RawSocket socket = RawSocket.open(Protocol.REP);
    private final List<String> urls = new ArrayList<>();
    private final Unanswered unanswered = new Unanswered();
    private volatile CompletableFuture<Message> receiving = new CompletableFuture<>();

    WorkSocket(EventLoop loop, Desk desk, List<String> wanted, Access access) {
        this.access = access;
        this.loop = loop;
        this.desk = desk;
        try {
            socket.set(NngOptions.RECV_MAX_SIZE, new Size(Limits.MESSAGE));
            socket.onPipe(this::pipeChanged);
            wanted.forEach(url -> urls.add(listen(url)));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Where workers connect to, as bound. */
    List<String> urls() {
        return List.copyOf(urls);
    }

    /** For its statistics. */
    Socket socket() {
        return socket;
    }

    /** Receives the next request, and so on. */
    void receive() {
        receiving = next();
        receiving.whenComplete((message, failure) -> loop.execute(() -> received(message, failure)));
    }

    /** One that is there already costs no other thread. */
    private CompletableFuture<Message> next() {
        try {
            Optional<Message> waiting = socket.tryReceive();
            if (waiting.isPresent()) {
                return CompletableFuture.completedFuture(waiting.get());
            }
        } catch (NngException e) {
            LOG.log(System.Logger.Level.DEBUG, "what fails at once fails again, and is dealt with there", e);
        }
        return socket.receiveAsync();
    }

    /** To be called when the broker's thread has ended. */
    @Override
    public void close() {
        socket.close();
        receiving.thenAccept(Message::close);
    }

    private String listen(String url) {
        Listener listener = socket.listener(url);
        access.startWork(listener);
        return listener.url();
    }

    private void received(Message message, Throwable failure) {
        if (failure instanceof NngClosedException) {
            return;
        }
        receiving = new CompletableFuture<>();
        if (failure == null) {
            boolean taken = false;
            try {
                taken = serve(message);
            } finally {
                if (!taken) {
                    message.close();
                }
                receive();
            }
        } else {
            LOG.log(System.Logger.Level.WARNING, "cannot receive from workers", failure);
            receive();
        }
    }

    private boolean serve(Message message) {
        int pipe = message.pipe().map(Pipe::id).orElse(0);
        NngCaller caller = new NngCaller(pipe, message.headerBytes());
        if (!unanswered.admit(pipe)) {
            String why = "over " + Limits.UNANSWERED + " requests of this connection are unanswered";
            caller.send(Message.of(Ngw1.encode(new Reply.Refused(Reply.Refused.BUSY, why))));
            return false;
        }
        ByteBuffer body = message.body();
        try {
            if (!access.admits(token(message))) {
                caller.answer(Reply.Refused.denied(), null);
                return false;
            }
            return desk.serve(caller, Ngw1.decode(body, Request.class), message, body);
        } catch (BadMessageException e) {
            LOG.log(System.Logger.Level.WARNING, "a bad message from " + caller.address() + ": " + e.getMessage());
            caller.answer(new Reply.Refused(e.code(), e.getMessage()), null);
            return false;
        }
    }

    private String token(Message message) throws BadMessageException {
        return access.token() == null
                ? null
                : Ngw1.decode(message.body(), Credential.class).auth();
    }

    private void pipeChanged(PipeEvent event, Pipe pipe) {
        if (event == PipeEvent.REM_POST) {
            loop.execute(() -> {
                unanswered.pipeGone(pipe.id());
                desk.pipeGone(pipe.id());
            });
        }
    }

    /** Knows the way back: the SP header of the request. */
    private final class NngCaller implements Caller {
        private final int pipe;
        private final byte[] header;

        NngCaller(int pipe, byte[] header) {
            this.pipe = pipe;
            this.header = header;
        }

        @Override
        public int pipe() {
            return pipe;
        }

        @Override
        public String address() {
            try {
                return new Pipe(pipe).remoteAddress();
            } catch (NngException e) {
                return "unknown";
            }
        }

        @Override
        public void answer(Reply reply, ByteBuffer body) {
            Message message = Message.of(Ngw1.encode(reply));
            if (body != null) {
                byte[] bytes = new byte[body.remaining()];
                body.duplicate().get(bytes);
                message.append(bytes);
            }
            answer(message);
        }

        @Override
        public void answer(Message message) {
            unanswered.answered(pipe);
            send(message);
        }

        @Override
        public void abandon() {
            unanswered.answered(pipe);
        }

        private void send(Message message) {
            try (message) { // it is still ours if the socket is closed
                if (!socket.trySend(message.setHeader(header))) {
                    socket.sendAsync(message); // NNG is still at the one before
                }
            }
        }
    }
}
