package org.nngjava;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nngjava.internal.NngApi;
import org.nngjava.internal.NngLibrary;

/**
 * What NNG counts: of all its sockets, and in each of its dialers, listeners and pipes.
 *
 * <p>In NNG 1.5.2 pipes count their messages and bytes on {@code tcp}, {@code tls+tcp} and {@code ipc} only, and sockets only if they are
 * PAIRs of version 1; elsewhere those counters stay 0. Pipes take their counters along when they close.
 *
 * <p>A snapshot holds a lock of NNG's that opening and closing take too, and costs some microseconds for each socket and pipe: right for
 * once a second, not for each message.
 */
public final class Statistics {
    private static final NngApi NNG = NngLibrary.api();

    // nng_stat_type_enum
    private static final int SCOPE = 0;
    private static final int LEVEL = 1;
    private static final int COUNTER = 2;
    private static final int STRING = 3;
    private static final int BOOLEAN = 4;
    private static final int ID = 5;

    private Statistics() {}

    /**
     * All there is now: a scope without a name, in it one of each socket ({@code socket}), and in that one of each of its dialers
     * ({@code dialer}), listeners ({@code listener}) and pipes ({@code pipe}).
     *
     * @throws NngException with {@link NngError#ENOTSUP} if the library was built without statistics
     */
    public static Statistic.Scope snapshot() {
        long[] out = new long[1];
        NngException.check(NNG.nng_stats_get(out), "get the statistics");
        try {
            return nested((Statistic.Scope) copy(out[0]).orElseThrow());
        } finally {
            NNG.nng_stats_free(out[0]);
        }
    }

    /** What is known of one socket, if it is still there. */
    static Optional<Statistic.Scope> ofSocket(int id) {
        // Not by nng_stat_find_socket: in 1.5.2 it finds the first socket, whatever the number.
        return numbered(snapshot().scopes("socket"), id);
    }

    static Optional<Statistic.Scope> ofEndpoint(int socket, String kind, int id) {
        return ofSocket(socket).flatMap(scope -> numbered(scope.scopes(kind), id));
    }

    private static Optional<Statistic.Scope> numbered(List<Statistic.Scope> scopes, int id) {
        return scopes.stream()
                .filter(scope -> scope.id().isPresent() && scope.id().getAsInt() == id)
                .findFirst();
    }

    private static Optional<Statistic> copy(long stat) {
        String name = NNG.nng_stat_name(stat);
        String description = NNG.nng_stat_desc(stat);
        Duration timestamp = Duration.ofMillis(NNG.nng_stat_timestamp(stat));
        return Optional.ofNullable(
                switch (NNG.nng_stat_type(stat)) {
                    case SCOPE -> new Statistic.Scope(name, description, timestamp, children(stat));
                    case LEVEL ->
                        new Statistic.Level(name, description, timestamp, unit(stat), NNG.nng_stat_value(stat));
                    case COUNTER -> {
                        Statistic.Unit unit = unit(stat);
                        // NNG says "received messages" of a socket's bytes.
                        String corrected =
                                unit == Statistic.Unit.BYTES ? description.replace("messages", "bytes") : description;
                        yield new Statistic.Counter(name, corrected, timestamp, unit, NNG.nng_stat_value(stat));
                    }
                    case STRING -> {
                        String value = NNG.nng_stat_string(stat);
                        yield new Statistic.Text(name, description, timestamp, value == null ? "" : value);
                    }
                    case BOOLEAN -> new Statistic.Flag(name, description, timestamp, NNG.nng_stat_bool(stat));
                    case ID -> new Statistic.Id(name, description, timestamp, (int) NNG.nng_stat_value(stat));
                    default -> null; // of a later NNG
                });
    }

    private static List<Statistic> children(long scope) {
        List<Statistic> children = new ArrayList<>();
        for (long child = NNG.nng_stat_child(scope); child != 0; child = NNG.nng_stat_next(child)) {
            copy(child).ifPresent(children::add);
        }
        return children;
    }

    private static Statistic.Unit unit(long stat) {
        return switch (NNG.nng_stat_unit(stat)) {
            case 1 -> Statistic.Unit.BYTES;
            case 2 -> Statistic.Unit.MESSAGES;
            case 3 -> Statistic.Unit.MILLISECONDS;
            case 4 -> Statistic.Unit.EVENTS;
            default -> Statistic.Unit.NONE;
        };
    }

    /** NNG has dialers, listeners and pipes beside the sockets that they belong to. */
    private static Statistic.Scope nested(Statistic.Scope root) {
        Map<Integer, List<Statistic.Scope>> bySocket = root.children().stream()
                .filter(Statistic.Scope.class::isInstance)
                .map(Statistic.Scope.class::cast)
                .filter(scope -> scope.socketId().isPresent())
                .collect(Collectors.groupingBy(scope -> scope.socketId().getAsInt()));
        List<Statistic> sockets = root.scopes("socket").stream()
                .map(socket -> with(socket, bySocket.getOrDefault(socket.id().orElse(0), List.of())))
                .toList();
        return new Statistic.Scope(root.name(), root.description(), root.timestamp(), sockets);
    }

    private static Statistic with(Statistic.Scope socket, List<Statistic.Scope> more) {
        List<Statistic> children = new ArrayList<>(socket.children());
        children.addAll(more);
        return new Statistic.Scope(socket.name(), socket.description(), socket.timestamp(), children);
    }
}
