package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a program gets wrong is answered by an exception that says what, and leaves everything as it was. */
class BadInputTest {
    private static final String PACKAGE = "org.nngjava";
    private static final Duration SOON = Duration.ofSeconds(10);
    /** What may be null, says its documentation. */
    private static final Set<String> MAY_BE_NULL = Set.of("Poller.register attachment");
    /** Public types that have no methods of their own that take objects, or none that can be called without ending the JVM. */
    private static final Set<Class<?>> WITHOUT_EXAMPLE = Set.of(Nng.class, NngOptions.class, NngVerifier.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @TempDir
    private Path directory;

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    // null

    /** One object of each public type whose methods are to be tried. */
    private List<Object> examples() throws Exception {
        ReqSocket req = opened(ReqSocket.open());
        RepSocket rep = opened(RepSocket.open());
        Peers.connect(rep, req);
        req.requestAsync(Message.allocate(1));
        SurveyorSocket surveyor = opened(SurveyorSocket.open());
        RespondentSocket respondent = opened(RespondentSocket.open());
        Peers.connect(respondent, surveyor);
        surveyor.send(new byte[1]);
        SubSocket sub = opened(SubSocket.open());
        PullSocket pull = opened(PullSocket.open());
        Poller poller = opened(Poller.open());
        RawSocket front = opened(RawSocket.open(Protocol.REP));
        RawSocket back = opened(RawSocket.open(Protocol.REQ));
        return List.of(
                req,
                rep,
                surveyor,
                respondent,
                sub,
                pull,
                opened(PubSocket.open()),
                opened(PushSocket.open()),
                opened(PairSocket.openPolyamorous()),
                opened(BusSocket.open()),
                opened(RawSocket.open(Protocol.BUS)),
                opened(req.openContext()),
                opened(rep.openContext()),
                opened(surveyor.openContext()),
                opened(respondent.openContext()),
                opened(sub.openContext()),
                rep.listener("inproc://" + UUID.randomUUID()),
                req.dialer("inproc://" + UUID.randomUUID()),
                opened(rep.receiveRequest(SOON)),
                opened(respondent.receiveSurvey(SOON)),
                opened(Message.allocate(10)),
                opened(pull.onReceive(Message::close)),
                poller,
                poller.register(pull, Readiness.RECEIVE),
                opened(Device.start(front, back)),
                new Pipe(1),
                new Size(1),
                NngOptions.RAW,
                TlsConfig.builder(),
                TlsConfig.builder().build(),
                new TlsEngine("", "", false),
                new NngAddress("inproc://x"),
                Statistics.snapshot(),
                new Statistic.Level("", "", Duration.ZERO, Statistic.Unit.NONE, 0),
                new Statistic.Counter("", "", Duration.ZERO, Statistic.Unit.NONE, 0),
                new Statistic.Text("", "", Duration.ZERO, ""),
                new Statistic.Flag("", "", Duration.ZERO, false),
                new Statistic.Id("", "", Duration.ZERO, 0));
    }

    /** A usable value for a parameter, so that null is the only thing wrong. */
    private Object valueFor(Parameter parameter) throws IOException {
        Class<?> type = parameter.getType();
        Map<Class<?>, Supplier<Object>> values = new LinkedHashMap<>();
        values.put(byte[].class, () -> new byte[1]);
        values.put(ByteBuffer.class, () -> ByteBuffer.allocate(1));
        values.put(Duration.class, () -> Duration.ofMillis(10));
        values.put(Object.class, () -> Duration.ofMillis(10)); // of the option
        values.put(Option.class, () -> NngOptions.RECV_TIMEOUT);
        values.put(String.class, () -> "inproc://" + UUID.randomUUID());
        values.put(Message.class, () -> opened(Message.allocate(1)));
        values.put(Pipe.class, () -> new Pipe(1));
        values.put(Socket.class, () -> opened(PullSocket.open()));
        values.put(RawSocket.class, () -> opened(RawSocket.open(Protocol.BUS)));
        values.put(TlsConfig.class, () -> TlsConfig.builder().build());
        values.put(Readiness.class, () -> Readiness.RECEIVE);
        values.put(Protocol.class, () -> Protocol.REP);
        values.put(TlsAuthMode.class, () -> TlsAuthMode.NONE);
        values.put(TlsVersion.class, () -> TlsVersion.TLS_1_2);
        values.put(Statistic.Unit.class, () -> Statistic.Unit.NONE);
        values.put(PipeListener.class, () -> (PipeListener) (event, pipe) -> {});
        values.put(Consumer.class, () -> (Consumer<Object>) object -> {});
        values.put(Predicate.class, () -> (Predicate<Object>) object -> true);
        values.put(Supplier.class, () -> (Supplier<Object>) () -> null);
        values.put(Executor.class, () -> (Executor) Runnable::run);
        values.put(Flow.Publisher.class, () -> opened(new SubmissionPublisher<Message>()));
        values.put(FileChannel.class, () -> opened(file()));
        values.put(Path.class, () -> directory.resolve("absent"));
        values.put(List.class, List::of);
        values.put(int.class, () -> 0);
        values.put(long.class, () -> 0L);
        values.put(boolean.class, () -> false);
        assertThat(values).as("a value for " + parameter).containsKey(type);
        return values.get(type).get();
    }

    private FileChannel file() {
        try {
            return FileChannel.open(Files.write(directory.resolve("file"), new byte[10]));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @TestFactory
    @Timeout(60)
    Stream<DynamicTest> nullIsRefusedByTheNameOfTheParameter() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        List<Object> examples = examples();
        for (Object example : examples) {
            String before = example.toString();
            for (Method method : methods(example)) {
                tests.addAll(nulls(example, method));
            }
            if (!(example instanceof TlsConfig.Builder)) {
                tests.add(dynamicTest(
                        before + " is as it was", () -> assertThat(example).hasToString(before)));
            }
            if (example instanceof Socket socket) {
                tests.add(dynamicTest(before + " is usable", () -> socket.get(NngOptions.RECV_TIMEOUT)));
            } else if (example instanceof Message message) {
                tests.add(dynamicTest(
                        "the message is", () -> assertThat(message.size()).isEqualTo(10)));
            }
        }
        for (Class<?> type : publicTypes()) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isStatic(method.getModifiers()) && isCandidate(method)) {
                    tests.addAll(nulls(null, method));
                }
            }
            for (Executable constructor : type.getConstructors()) {
                tests.addAll(nulls(null, constructor));
            }
        }
        assertThat(tests).hasSizeGreaterThan(300);
        return tests.stream();
    }

    @Test
    void everyPublicTypeHasAnExample() throws Exception {
        List<Object> examples = examples();
        for (Class<?> type : publicTypes()) {
            boolean needsNone = type.isEnum()
                    || type.isAnnotation()
                    || Throwable.class.isAssignableFrom(type)
                    || WITHOUT_EXAMPLE.contains(type)
                    || type == PipeListener.class // the user's
                    || type == Statistics.class; // static methods only
            if (!needsNone) {
                assertThat(examples).as("an example of " + type).anyMatch(type::isInstance);
            }
        }
    }

    private static List<Method> methods(Object example) {
        return Stream.concat(
                        Stream.of(example.getClass()),
                        Stream.of(example.getClass().getInterfaces()))
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && isCandidate(method))
                .distinct()
                .toList();
    }

    private static boolean isCandidate(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isSynthetic()
                && method.getDeclaringClass().getPackageName().equals(PACKAGE)
                && !method.getName().equals("equals")
                && !method.getName().equals("valueOf") // the compiler's
                && !method.getName().equals("main");
    }

    private List<DynamicTest> nulls(Object object, Executable executable) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Parameter parameter : executable.getParameters()) {
            String name = executable.getDeclaringClass().getSimpleName() + "." + executable.getName() + " "
                    + parameter.getName();
            if (!parameter.getType().isPrimitive() && !MAY_BE_NULL.contains(name)) {
                tests.add(dynamicTest(
                        name + " of " + object + ": " + executable,
                        () -> assertThat(catchThrowable(() -> call(object, executable, parameter)))
                                .isInstanceOf(NullPointerException.class)
                                .message()
                                .containsPattern("\\b" + parameter.getName() + "\\b")
                                .doesNotContain("because")));
            }
        }
        return tests;
    }

    private void call(Object object, Executable executable, Parameter isNull) throws Throwable {
        List<Object> arguments = new ArrayList<>();
        for (Parameter parameter : executable.getParameters()) {
            arguments.add(parameter.equals(isNull) ? null : valueFor(parameter));
        }
        try {
            if (executable instanceof Method method) {
                method.invoke(object, arguments.toArray());
            } else {
                ((java.lang.reflect.Constructor<?>) executable).newInstance(arguments.toArray());
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static List<Class<?>> publicTypes() throws Exception {
        Path classes = Path.of(
                Socket.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve(PACKAGE.replace('.', '/')))) {
            List<Class<?>> types = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type = Class.forName(PACKAGE + "." + name.substring(0, name.length() - 6));
                    if (Modifier.isPublic(type.getModifiers())) {
                        types.add(type);
                    }
                }
            }
            return types;
        }
    }

    // closed objects

    /** A closed object, and what must fail on it. */
    private void refusesUse(AutoCloseable closed, ThrowingCallable... uses) {
        assertThat(closed).satisfies(AutoCloseable::close);
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(NngClosedException.class).hasMessageContaining("ECLOSED");
        }
        assertThat(closed.toString()).isNotEmpty();
    }

    @Test
    void whatIsClosedRefusesUse() {
        PairSocket pair = PairSocket.open();
        refusesUse(
                pair,
                () -> pair.send(new byte[1]),
                () -> pair.trySend(opened(Message.allocate(1))),
                () -> pair.sendAsync(Message.allocate(1)),
                pair::receive,
                pair::tryReceive,
                pair::receiveAsync,
                () -> pair.receive(Duration.ZERO),
                () -> pair.listen("inproc://" + UUID.randomUUID()),
                () -> pair.dial("inproc://" + UUID.randomUUID()),
                () -> pair.dialAsync("inproc://" + UUID.randomUUID()),
                () -> pair.listener("inproc://" + UUID.randomUUID()),
                () -> pair.get(NngOptions.RECV_TIMEOUT),
                () -> pair.set(NngOptions.RECV_TIMEOUT, SOON),
                () -> pair.awaitPeers(1, Duration.ofMillis(1)),
                pair::receiveDescriptor);

        RepSocket rep = opened(RepSocket.open());
        RepContext context = rep.openContext();
        refusesUse(
                context,
                context::receive,
                context::tryReceive,
                context::receiveAsync,
                () -> context.send(new byte[1]),
                () -> context.get(NngOptions.RECV_TIMEOUT),
                () -> context.set(NngOptions.RECV_TIMEOUT, SOON));
        Listener listener = rep.listen("inproc://" + UUID.randomUUID());
        refusesUse(
                listener,
                listener::url,
                listener::start,
                () -> listener.get(NngOptions.URL),
                () -> listener.set(NngOptions.RECV_MAX_SIZE, Size.ofKiB(1)));
        Dialer dialer = rep.dialer("inproc://" + UUID.randomUUID());
        refusesUse(dialer, dialer::start, dialer::startAsync, () -> dialer.get(NngOptions.URL));
        Poller poller = Poller.open();
        refusesUse(poller, poller::select, poller::selectNow, () -> poller.register(rep, Readiness.RECEIVE));
    }

    @Test
    void whatBelongsToAClosedSocketRefusesUse() {
        SurveyorSocket surveyor = SurveyorSocket.open();
        SurveyorContext context = surveyor.openContext();
        Listener listener = surveyor.listener("inproc://" + UUID.randomUUID());
        Dialer dialer = surveyor.dialer("inproc://" + UUID.randomUUID());
        surveyor.close();
        Message survey = opened(Message.allocate(1));
        refusesUse(
                context,
                () -> context.send(survey),
                () -> context.survey(survey),
                () -> surveyor.survey(survey),
                context::receive,
                () -> context.get(NngOptions.SURVEY_TIME),
                surveyor::openContext,
                listener::start,
                dialer::start,
                dialer::startAsync);
        assertThat(survey.size()).isEqualTo(1);
    }

    @Test
    void aMessageThatWasSentOrClosedRefusesUse() {
        PairSocket pair = opened(PairSocket.open());
        pair.set(NngOptions.SEND_BUFFER, 1);
        Message sent = Message.allocate(1);
        pair.send(sent);
        Message closed = Message.allocate(1);
        closed.close();
        for (Message message : List.of(sent, closed)) {
            List<ThrowingCallable> uses = List.of(
                    message::size,
                    message::body,
                    message::toByteArray,
                    message::header,
                    message::headerBytes,
                    message::pipe,
                    message::clear,
                    message::capacity,
                    message::duplicate,
                    message::detach,
                    message::clearHeader,
                    () -> message.append(new byte[1]),
                    () -> message.append(ByteBuffer.allocate(1)),
                    () -> message.insert(new byte[1]),
                    () -> message.trim(0),
                    () -> message.chop(0),
                    () -> message.resize(1),
                    () -> message.reserve(1),
                    () -> message.setHeader(new byte[1]),
                    () -> message.appendHeader(new byte[1]),
                    () -> message.insertHeader(new byte[1]),
                    () -> message.trimHeader(0),
                    () -> message.chopHeader(0),
                    () -> message.setPipe(new Pipe(1)),
                    () -> pair.send(message),
                    () -> pair.trySend(message),
                    () -> pair.sendAsync(message));
            for (ThrowingCallable use : uses) {
                assertThatThrownBy(use)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the message was sent or closed");
            }
            message.close();
        }
    }

    // numbers and durations

    @Test
    void negativeNumbersAreRefused() {
        PairSocket pair = opened(PairSocket.open());
        SurveyorSocket surveyor = opened(SurveyorSocket.open());
        Poller poller = opened(Poller.open());
        Dialer dialer = pair.dialer("inproc://" + UUID.randomUUID());
        Message message = opened(Message.allocate(1));
        Duration negative = Duration.ofMillis(-1);
        List<ThrowingCallable> uses = List.of(
                () -> Message.allocate(-1),
                () -> message.trim(-1),
                () -> message.chop(-1),
                () -> message.resize(-1),
                () -> message.reserve(-1),
                () -> message.trimHeader(-1),
                () -> message.chopHeader(-1),
                () -> Message.of(file(), -1, 1),
                () -> Message.of(file(), 1, -1),
                () -> pair.send(file(), -1, 1),
                () -> new Size(-1),
                () -> Size.ofKiB(-1),
                () -> pair.receive(negative),
                () -> pair.receiveAsync(negative),
                () -> pair.send(message, negative),
                () -> pair.sendAsync(message, negative),
                () -> pair.set(NngOptions.RECV_TIMEOUT, negative),
                () -> pair.awaitPeers(1, negative),
                () -> surveyor.survey(message, negative),
                () -> dialer.start(negative),
                () -> poller.select(negative));
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("negative");
        }
        assertThat(message.size()).isEqualTo(1);
    }

    @Test
    void numbersThatAreTooLargeAreRefused() {
        Message message = opened(Message.of(new byte[10]));
        for (ThrowingCallable use : List.<ThrowingCallable>of(() -> message.trim(11), () -> message.chop(11))) {
            assertThatThrownBy(use).isInstanceOf(NngException.class).hasMessageContaining("EINVAL");
        }
        PairSocket pair = opened(PairSocket.open());
        assertThatThrownBy(() -> pair.set(NngOptions.RECV_BUFFER, 1 << 20)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> pair.set(NngOptions.RECV_BUFFER, -1)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> pair.set(NngOptions.MAX_TTL, 16)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> Size.ofMiB(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        pair.set(NngOptions.RECV_TIMEOUT, Duration.ofSeconds(Long.MAX_VALUE)); // as long as NNG can
        assertThat(pair.get(NngOptions.RECV_TIMEOUT)).isGreaterThan(Duration.ofDays(20));
    }

    // addresses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "nonsense://x",
                "tcp://",
                "tcp://127.0.0.1:99999",
                "tcp://127.0.0.1:-1",
                "tcp://127.0.0.1:port",
                "tcp://[::1:80",
                "tcp:/127.0.0.1:1",
                "tls+tcp://",
                "ws://[",
                "ipc://",
                "ipc:///nonexistent/directory/socket",
                "inproc",
                "tcp://127.0.0.1:1\0.example",
                "%00://",
                "://"
            })
    void anAddressThatIsNoneIsRefusedByName(String url) {
        PairSocket pair = opened(PairSocket.open());
        for (ThrowingCallable use : List.<ThrowingCallable>of(() -> pair.listen(url), () -> pair.dial(url))) {
            assertThatThrownBy(use).isInstanceOf(NngException.class).hasMessageContaining(url);
        }
        assertThat(pair.get(NngOptions.RAW)).isFalse();
    }

    @Test
    void anAddressOfAnyLengthIsRefused() {
        PairSocket pair = opened(PairSocket.open());
        for (String url : List.of("ipc:///" + "x".repeat(10_000), "tcp://" + "x".repeat(10_000) + ":1")) {
            assertThatThrownBy(() -> pair.listen(url)).isInstanceOf(NngException.class);
            assertThatThrownBy(() -> pair.dial(url)).isInstanceOf(NngException.class);
        }
        pair.listen("inproc://" + "x".repeat(10_000)).close();
    }

    // options

    @Test
    void anOptionOfAnotherKindOfObjectIsNotSupported() {
        PubSocket pub = opened(PubSocket.open());
        ReqSocket req = opened(ReqSocket.open());
        ReqContext context = req.openContext();
        Listener listener = pub.listener("tcp://127.0.0.1:0");
        assertThatThrownBy(() -> pub.set(NngOptions.SURVEY_TIME, SOON)).hasMessageContaining("ENOTSUP");
        assertThatThrownBy(() -> pub.get(NngOptions.SUB_PREFER_NEW)).hasMessageContaining("ENOTSUP");
        assertThatThrownBy(() -> context.set(NngOptions.SEND_BUFFER, 1)).hasMessageContaining("ENOTSUP");
        assertThatThrownBy(() -> listener.set(NngOptions.REQ_RESEND_TIME, SOON)).hasMessageContaining("ENOTSUP");
        assertThatThrownBy(() -> pub.set(NngOptions.RAW, true)).hasMessageContaining("EREADONLY");
        assertThatThrownBy(() -> listener.set(NngOptions.URL, "tcp://127.0.0.1:1"))
                .hasMessageContaining("EREADONLY");
    }

    @Test
    void aTextOfAnyLengthIsKeptWhereItBelongs() {
        Patches.assume("option-strings-keep-their-bounds");
        PairSocket pair = opened(PairSocket.open());
        pair.set(NngOptions.SOCKET_NAME, "x".repeat(63));
        for (int length : new int[] {64, 1000, 100_000}) {
            assertThatThrownBy(() -> pair.set(NngOptions.SOCKET_NAME, "x".repeat(length)))
                    .hasMessageContaining("EINVAL");
        }
        assertThat(pair.get(NngOptions.SOCKET_NAME)).hasSize(63);
        pair.set(NngOptions.SOCKET_NAME, "short");
        assertThat(pair.get(NngOptions.SOCKET_NAME)).isEqualTo("short");
        pair.set(NngOptions.SOCKET_NAME, "");
        assertThat(pair.get(NngOptions.SOCKET_NAME)).isEmpty();
        assertThatThrownBy(() -> pair.set(NngOptions.SOCKET_NAME, "a\0b")).hasMessageContaining("EINVAL");
    }

    @Test
    void aTopicMayBeAnything() {
        SubSocket sub = opened(SubSocket.open());
        for (byte[] topic : new byte[][] {{}, {0}, new byte[100_000]}) {
            sub.subscribe(topic);
            sub.subscribe(topic); // a second time is no other subscription
            sub.unsubscribe(topic);
            assertThatThrownBy(() -> sub.unsubscribe(topic)).hasMessageContaining("ENOENT");
        }
    }

    // turns

    @Test
    void whatWasAnsweredCannotBeAnsweredAgain() throws Exception {
        ReqSocket req = opened(ReqSocket.open());
        RepSocket rep = opened(RepSocket.open());
        Peers.connect(rep, req);
        req.requestAsync(Message.allocate(1));
        Request request = rep.receiveRequest(SOON);
        request.reply(new byte[1]).get(10, TimeUnit.SECONDS);
        Message second = opened(Message.allocate(1));
        assertThatThrownBy(() -> request.reply(second)).isInstanceOf(IllegalStateException.class);
        assertThat(second.size()).isEqualTo(1);
        assertThatThrownBy(() -> request.message().body()).isInstanceOf(IllegalStateException.class);
        request.close();

        req.requestAsync(Message.allocate(1));
        Request dropped = rep.receiveRequest(SOON);
        dropped.close();
        assertThatThrownBy(() -> dropped.reply(second)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatHasStartedCannotBeStartedAgain() {
        PairSocket pair = opened(PairSocket.open());
        Listener listener = pair.listen("inproc://" + UUID.randomUUID());
        assertThatThrownBy(listener::start).hasMessageContaining("ESTATE");
        Dialer dialer = pair.dialAsync("inproc://" + UUID.randomUUID());
        assertThatThrownBy(dialer::start).hasMessageContaining("ESTATE");
        assertThatThrownBy(dialer::startAsync).hasMessageContaining("ESTATE");
    }

    @Test
    void aPipeThatIsGoneSaysSo() {
        Pipe gone = new Pipe(Integer.MAX_VALUE);
        gone.close();
        assertThatThrownBy(gone::remoteAddress).isInstanceOf(NngException.class).hasMessageContaining("pipe");
        assertThatThrownBy(() -> gone.get(NngOptions.TCP_NODELAY)).isInstanceOf(NngException.class);
        assertThat(gone.socket()).isEmpty();
        for (int id : new int[] {0, -1, Integer.MIN_VALUE}) {
            new Pipe(id).close();
            assertThat(new Pipe(id).dialer()).isEmpty();
        }
    }
}
