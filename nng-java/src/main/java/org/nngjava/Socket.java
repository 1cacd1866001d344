package org.nngjava;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * A socket of one of the scalability protocols. It talks to any number of peers, which it dials or which dial its listeners.
 *
 * <p>Safe for use by several threads. Closing it ends what is under way with {@link NngClosedException}; data that was accepted
 * for sending but has not left yet may be lost, since NNG does not linger. A socket that is forgotten without being closed is
 * closed when it is garbage collected, unless an operation is under way or a pipe listener refers to it.
 *
 * <p>Open sockets do not keep a JVM from exiting. Shutdown hooks may still use them, and close them where a message has to get out first.
 * What is open after the hooks is closed if the JVM ends because its last thread has returned, and ends with the process otherwise.
 */
public abstract sealed class Socket extends Conduit implements AutoCloseable
        permits BusSocket,
                PairSocket,
                PubSocket,
                PullSocket,
                PushSocket,
                RawSocket,
                RepSocket,
                ReqSocket,
                RespondentSocket,
                SubSocket,
                SurveyorSocket {

    /** The open ones by their number. */
    private static final Map<Integer, WeakReference<Socket>> SOCKETS = new ConcurrentHashMap<>();

    static {
        JvmExit.watch();
    }

    private final String protocol;
    private final SocketState state;
    private final Closing closing;
    private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();

    Socket(String protocol, ToIntFunction<int[]> open) {
        this(protocol, new SocketState(opened(protocol, open)));
    }

    private Socket(String protocol, SocketState state) {
        super(state.aios);
        this.protocol = protocol;
        this.state = state;
        this.closing = new Closing(this, state::close);
        SOCKETS.put(state.id, new WeakReference<>(this));
    }

    private static int opened(String protocol, ToIntFunction<int[]> open) {
        JvmExit.holdIfOver();
        int[] out = new int[1];
        NngException.check(open.applyAsInt(out), "open a " + protocol + " socket");
        return out[0];
    }

    /**
     * Listens at an address, for example {@code tcp://127.0.0.1:0}. The listener knows the address actually bound.
     *
     * @throws NngException if the address is malformed or cannot be bound
     */
    public final Listener listen(String url) {
        return started(listener(url), Listener::start);
    }

    /** Listens at an address of {@code tls+tcp} or {@code wss}. */
    public final Listener listen(String url, TlsConfig tls) {
        return started(listener(url), secured(tls, Listener::start));
    }

    /** A listener that is not started yet, so that options can be set on it first. */
    public final Listener listener(String url) {
        Listener listener = new Listener(this, url);
        endpoints.add(listener);
        return listener;
    }

    /**
     * Connects to an address, waiting for the first connection. Later the dialer connects again by itself whenever the connection
     * is lost. An interrupt ends the waiting.
     *
     * @throws NngRefusedException if nobody listens there now
     * @throws NngInterruptedException if the thread is interrupted
     * @throws NngException if the address is malformed
     */
    public final Dialer dial(String url) {
        return started(dialer(url), Dialer::start);
    }

    /** Connects to an address of {@code tls+tcp} or {@code wss}, waiting for the first connection. */
    public final Dialer dial(String url, TlsConfig tls) {
        return started(dialer(url), secured(tls, Dialer::start));
    }

    /** Keeps connecting to an address in the background, whether anybody listens there now or later. */
    public final Dialer dialAsync(String url) {
        return started(dialer(url), Dialer::startAsync);
    }

    /** Keeps connecting to an address of {@code tls+tcp} or {@code wss} in the background. */
    public final Dialer dialAsync(String url, TlsConfig tls) {
        return started(dialer(url), secured(tls, Dialer::startAsync));
    }

    /** A dialer that is not started yet, so that options can be set on it first. */
    public final Dialer dialer(String url) {
        Dialer dialer = new Dialer(this, url);
        endpoints.add(dialer);
        return dialer;
    }

    /** Sets an option. Dialers and listeners take over the socket's options when they are made, so set these first. */
    public final <T> void set(Option<T> option, T value) {
        Objects.requireNonNull(option, "option").set(OptionFunctions.SOCKET, state.id, toString(), value);
        state.optionSet();
    }

    /** Reads an option. */
    public final <T> T get(Option<T> option) {
        return Objects.requireNonNull(option, "option").get(OptionFunctions.SOCKET, state.id, toString());
    }

    /**
     * The descriptor that is readable, as {@code poll(2)} and the like see it, while a message can be received without waiting. It is for
     * event loops of other libraries; {@link Poller} is one that comes with the binding.
     *
     * <p>Never read from it, write to it or close it: it is NNG's. It stays the same until the socket closes, which closes it: take it out of
     * the loop before that, since its number may then be given to another file. Readable means that it is worthwhile to
     * {@linkplain Receiver#tryReceive() try}; it stays so until NNG finds that there is nothing more. Contexts have none.
     *
     * @throws NngException with {@link NngError#ENOTSUP} if the protocol does not receive: PUB and PUSH
     */
    public final int receiveDescriptor() {
        return get(Readiness.RECEIVE.descriptor());
    }

    /**
     * Like {@link #receiveDescriptor()}, for sending. This one, too, becomes <em>readable</em>, and not writable, while a message can be sent
     * without waiting.
     *
     * @throws NngException with {@link NngError#ENOTSUP} if the protocol does not send: SUB and PULL
     */
    public final int sendDescriptor() {
        return get(Readiness.SEND.descriptor());
    }

    /** Adds a listener that hears of all pipes that come and go from now on. */
    public final void onPipe(PipeListener listener) {
        state.pipes.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Adds a filter that every pipe that comes from now on must pass before it takes part: no message goes over it until then. A pipe for
     * which it answers false, or throws, is closed, and no pipe listener hears of it. A dialer whose pipe is refused, on either side,
     * connects again after its {@linkplain NngOptions#RECONNECT_MIN reconnect time}; here {@link #dial} returns all the same.
     *
     * <p>The filter runs on NNG's own thread while the connection waits, so it must be quick: it may ask the pipe for its addresses and
     * properties and close it, but must not block, nor open or close sockets, dialers or listeners. Blocking calls of the binding refuse
     * to run there.
     */
    public final void acceptPipes(Predicate<? super Pipe> filter) {
        state.pipes.add(Objects.requireNonNull(filter, "filter"));
    }

    /** The number of peers that are connected now. */
    public final int peerCount() {
        return state.pipes.count();
    }

    /**
     * Waits until at least {@code number} peers are connected at once, so that what is sent then reaches them: nobody needs to sleep for the
     * sake of slow joiners. Returns immediately if there are enough.
     *
     * <p>Connected means that both sides have agreed on the protocol. It does not mean that the program at the other end receives; and a
     * {@link PubSocket} cannot know what its subscribers want, since a topic is known to the {@link SubSocket} alone: one that has
     * subscribed before it connected gets all that is published after this, one that subscribes later misses what was before.
     *
     * @param timeout how long to wait at most, {@link NngOptions#INFINITE} for ever
     * @throws NngTimeoutException if there were not so many in time; the message says how many there are
     * @throws NngClosedException if the socket is closed or gets closed meanwhile
     * @throws NngInterruptedException if the thread is interrupted, which it then still is
     */
    public final void awaitPeers(int number, Duration timeout) {
        if (NngThread.isCurrent()) {
            throw new IllegalStateException(Pipes.attempted(number, this) + ": must not block NNG's thread");
        }
        int millis = Timeouts.millis(timeout);
        CompletableFuture<Void> enough = awaitPeersAsync(number);
        try {
            if (millis == Timeouts.INFINITE) {
                enough.get();
            } else {
                enough.get(millis, TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            String attempted = Pipes.attempted(number, this) + ", which has " + peerCount();
            throw new NngTimeoutException(attempted, NngError.ETIMEDOUT.code());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NngInterruptedException(Pipes.attempted(number, this));
        } catch (ExecutionException e) {
            throw new NngClosedException(Pipes.attempted(number, this));
        } finally {
            enough.cancel(false);
        }
    }

    /**
     * Like {@link #awaitPeers}, without blocking: the future completes when there are enough, and fails with
     * {@link NngClosedException} when the socket closes. What depends on it may block. It can be cancelled, and given a time-out by
     * {@link CompletableFuture#orTimeout}.
     */
    public final CompletableFuture<Void> awaitPeersAsync(int number) {
        return state.pipes.await(number, this);
    }

    /**
     * What NNG counts of this socket now, and of its dialers, listeners and pipes. See {@link Statistics} for what can be expected.
     *
     * @throws NngClosedException if the socket is closed
     */
    public final Statistic.Scope statistics() {
        return Statistics.ofSocket(state.id).orElseThrow(() -> new NngClosedException("get the statistics of " + this));
    }

    /**
     * Closes the socket with its contexts, dialers and listeners. Idempotent; may be called by any thread. It waits for callbacks
     * that run now; called on NNG's own thread, or while another thread closes it, it returns at once and the socket closes soon
     * after.
     */
    @Override
    public final void close() {
        closing.close();
    }

    private static <E extends Endpoint> E started(E endpoint, Consumer<E> start) {
        try {
            start.accept(endpoint);
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
        return endpoint;
    }

    private static <E extends Endpoint> Consumer<E> secured(TlsConfig tls, Consumer<E> start) {
        return endpoint -> {
            endpoint.set(NngOptions.TLS_CONFIG, Objects.requireNonNull(tls, "tls"));
            start.accept(endpoint);
        };
    }

    final int id() {
        return state.id;
    }

    static Optional<Socket> byId(int id) {
        return Optional.ofNullable(SOCKETS.get(id)).map(WeakReference::get);
    }

    static void closeAll() {
        SOCKETS.keySet().forEach(id -> byId(id).ifPresent(Socket::close));
    }

    /** Called when the socket of this number is closed. */
    static void forget(int id) {
        SOCKETS.remove(id);
    }

    final <E extends Endpoint> Optional<E> endpoint(Class<E> type, int id) {
        return endpoints.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(endpoint -> endpoint.id() == id)
                .findFirst();
    }

    final void remove(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    final SocketState state() {
        return state;
    }

    @Override
    final void startSend(long aio) {
        NNG.nng_send_aio(state.id, aio);
    }

    @Override
    final void startReceive(long aio) {
        NNG.nng_recv_aio(state.id, aio);
    }

    @Override
    final void setBytes(String option, byte[] value) {
        NngException.check(NNG.nng_socket_set(state.id, option, value, value.length), "set " + option + " of " + this);
    }

    @Override
    public final String toString() {
        return protocol + " socket " + state.id;
    }
}
