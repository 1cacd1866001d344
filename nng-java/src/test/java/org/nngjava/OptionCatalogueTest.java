package org.nngjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All options of NNG are here, and each can be read where it belongs. */
class OptionCatalogueTest {
    private static final Path HEADERS = Path.of("../native/build/sources/nng/include/nng");

    /** The options of NNG that have no constant, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "NNG_OPT_RECVFD", "a Poller's business",
            "NNG_OPT_SENDFD", "a Poller's business",
            "NNG_OPT_SUB_SUBSCRIBE", "Subscriber.subscribe",
            "NNG_OPT_SUB_UNSUBSCRIBE", "Subscriber.unsubscribe",
            "NNG_OPT_IPC_SECURITY_DESCRIPTOR", "a pointer to a structure of Windows");

    private static final Set<String> ELSEWHERE = Set.of("ipc:peer-zoneid"); // illumos

    /** Something that has options. */
    private interface Owner {
        Object get(Option<?> option);
    }

    @Test
    void eachOptionIsReadWhereItBelongsAndIsOfItsType() throws Exception {
        Map<String, Owner> owners = new LinkedHashMap<>();
        List<Socket> sockets = new ArrayList<>();
        try {
            open(owners, sockets);
            for (Field field : constants()) {
                Option<?> option = (Option<?>) field.get(null);
                if (!ELSEWHERE.contains(option.name())) {
                    assertReadable(field, option, owners);
                }
            }
        } finally {
            sockets.forEach(Socket::close);
        }
    }

    private static void open(Map<String, Owner> owners, List<Socket> sockets) throws InterruptedException {
        ReqSocket req = ReqSocket.open();
        SubSocket sub = SubSocket.open();
        SurveyorSocket surveyor = SurveyorSocket.open();
        PairSocket pair = PairSocket.openPolyamorous();
        for (Socket socket : List.of(req, sub, surveyor, pair)) {
            sockets.add(socket);
            owners.put(socket.toString(), socket::get);
        }
        ReqContext context = req.openContext();
        owners.put(context.toString(), context::get);
        for (Transport transport : Transport.values()) {
            if (transport.isAvailable()) {
                connect(transport, owners, sockets);
            }
        }
    }

    private static void connect(Transport transport, Map<String, Owner> owners, List<Socket> sockets)
            throws InterruptedException {
        RepSocket server = RepSocket.open();
        ReqSocket client = ReqSocket.open();
        sockets.add(client);
        sockets.add(server);
        BlockingQueue<Pipe> pipes = new LinkedBlockingQueue<>();
        server.onPipe((event, pipe) -> pipes.add(pipe));
        Listener listener = transport.listen(server);
        Dialer dialer = transport.dial(client, listener.url());
        Pipe pipe = pipes.poll(10, TimeUnit.SECONDS);
        owners.put(listener.toString(), listener::get);
        owners.put(dialer.toString(), dialer::get);
        owners.put(pipe + " of " + transport, pipe::get);
    }

    private static List<Field> constants() {
        return Arrays.stream(NngOptions.class.getFields())
                .filter(field -> field.getType() == Option.class)
                .toList();
    }

    private static void assertReadable(Field field, Option<?> option, Map<String, Owner> owners) {
        Map<String, Object> outcomes = new LinkedHashMap<>();
        owners.forEach((name, owner) -> {
            try {
                outcomes.put(name, owner.get(option));
            } catch (NngException e) {
                outcomes.put(name, e.error());
            } catch (UnsupportedOperationException e) {
                assertThat(e).hasMessageContaining("needs NNG 1.").hasMessageContaining(Nng.version());
                outcomes.put(name, e);
            }
        });
        Class<?> type = valueType(field);
        assertThat(outcomes.values())
                .as(option + " of %s", outcomes)
                .anyMatch(outcome -> type.isInstance(outcome)
                        || outcome == NngError.EWRITEONLY
                        || outcome instanceof UnsupportedOperationException);
        // NNG has no other opinion of its type.
        assertThat(outcomes.values()).as(option + " of %s", outcomes).doesNotContain(NngError.EBADTYPE);
    }

    private static Class<?> valueType(Field field) {
        Type type = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    @Test
    void eachOptionOfTheHeadersHasAConstantOrAReason() throws Exception {
        assumeTrue(Files.isDirectory(HEADERS), "NNG's sources are not there");
        Set<String> known = new TreeSet<>();
        for (Field field : constants()) {
            known.add(((Option<?>) field.get(null)).name());
        }
        known.add(NngOptions.wsRequestHeader("").name());
        known.add(NngOptions.wsResponseHeader("").name());

        Map<String, String> options = optionsOfHeaders();
        assertThat(options).hasSizeGreaterThan(40);
        assertThat(options).allSatisfy((constant, name) -> {
            if (!LEFT_OUT.containsKey(constant) && !constant.startsWith("NNG_OPT_ZT_")) { // ZeroTier is not built
                assertThat(known).as(constant).contains(name);
            }
        });
        assertThat(options.keySet()).containsAll(LEFT_OUT.keySet());
    }

    private static Map<String, String> optionsOfHeaders() throws IOException {
        Pattern definition = Pattern.compile("#define\\s+(NNG_OPT_\\w+)\\s+\"([^\"]*)\"");
        Map<String, String> options = new TreeMap<>();
        try (Stream<Path> files = Files.walk(HEADERS)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".h")).toList()) {
                Matcher found = definition.matcher(Files.readString(file));
                while (found.find()) {
                    options.put(found.group(1), found.group(2));
                }
            }
        }
        return options;
    }
}
