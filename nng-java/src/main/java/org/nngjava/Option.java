package org.nngjava;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.nngjava.internal.NativeMemory;
import org.nngjava.internal.NngLibrary;

/**
 * A named setting of a socket, context, dialer, listener or pipe, with the type of its value. The constants are in
 * {@link NngOptions}, which says of each where it may be set and read.
 *
 * @param <T> the type of the value
 */
public final class Option<T> {
    private final String name;
    private final Kind<T> kind;
    private final int since;

    private Option(String name, Kind<T> kind) {
        this(name, kind, Nng.OLDEST);
    }

    private Option(String name, Kind<T> kind, int since) {
        this.name = name;
        this.kind = kind;
        this.since = since;
    }

    static Option<Boolean> flag(String name) {
        return new Option<>(name, FLAG);
    }

    static Option<Integer> integer(String name) {
        return new Option<>(name, INTEGER);
    }

    static Option<Long> number(String name) {
        return new Option<>(name, NUMBER);
    }

    static Option<Duration> duration(String name) {
        return new Option<>(name, DURATION);
    }

    /** A duration for which NNG knows no infinity: the longest that it takes stands for it. */
    static Option<Duration> finite(String name) {
        return new Option<>(name, FINITE);
    }

    static Option<Size> size(String name) {
        return new Option<>(name, SIZE);
    }

    static Option<String> string(String name) {
        return new Option<>(name, STRING);
    }

    static Option<List<String>> strings(String name) {
        return new Option<>(name, STRINGS);
    }

    static Option<Path> path(String name) {
        return new Option<>(name, new Written<>(STRING, Path::toString));
    }

    static Option<SocketAddress> address(String name) {
        return new Option<>(name, ADDRESS);
    }

    static Option<TlsConfig> tlsConfig(String name) {
        return new Option<>(name, TLS_CONFIG);
    }

    static Option<TlsAuthMode> tlsAuthMode(String name) {
        return new Option<>(name, new Written<>(INTEGER, TlsAuthMode::code));
    }

    static Option<Set<PosixFilePermission>> permissions(String name) {
        return new Option<>(name, new Written<>(INTEGER, Option::mode));
    }

    /** The same option, said to exist only from NNG 1.{@code minor} on. */
    Option<T> since(int minor) {
        return new Option<>(name, kind, minor);
    }

    /** NNG's own name for it, for example {@code recv-timeout}. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    T get(OptionFunctions functions, int id, String owner) {
        String attempted = "get " + name + " of " + owner;
        try {
            return kind.get(functions, id, name, attempted);
        } catch (NngException e) {
            throw explained(e, attempted);
        }
    }

    void set(OptionFunctions functions, int id, String owner, T value) {
        String attempted = "set " + name + " of " + owner;
        Objects.requireNonNull(value, "value");
        try {
            NngException.check(kind.set(functions, id, name, value, attempted), attempted + " to " + value);
        } catch (NngException e) {
            throw explained(e, attempted);
        }
    }

    /** What the loaded library is too old for gets an exception that says so. */
    private RuntimeException explained(NngException e, String attempted) {
        return e.error() == NngError.ENOTSUP && Nng.isBefore(since) ? Nng.lacking(attempted, since) : e;
    }

    /** How values of one type get into and out of NNG. */
    private interface Kind<T> {
        T get(OptionFunctions functions, int id, String name, String attempted);

        int set(OptionFunctions functions, int id, String name, T value, String attempted);
    }

    /** A kind that NNG knows as another one and does not give back. */
    private record Written<N, T>(Kind<N> kind, Function<T, N> out) implements Kind<T> {
        @Override
        public T get(OptionFunctions functions, int id, String name, String attempted) {
            kind.get(functions, id, name, attempted); // says why not, where it is not known at all
            throw NngException.of(attempted, NngError.EWRITEONLY.code());
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, T value, String attempted) {
            return kind.set(functions, id, name, out.apply(value), attempted);
        }
    }

    private static final Kind<Boolean> FLAG = new Kind<>() {
        @Override
        public Boolean get(OptionFunctions functions, int id, String name, String attempted) {
            byte[] out = new byte[1];
            NngException.check(functions.getBool().get(id, name, out), attempted);
            return out[0] != 0;
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Boolean value, String attempted) {
            return functions.setBool().set(id, name, value);
        }
    };

    private static final Kind<Integer> INTEGER = new Kind<>() {
        @Override
        public Integer get(OptionFunctions functions, int id, String name, String attempted) {
            int[] out = new int[1];
            NngException.check(functions.getInt().get(id, name, out), attempted);
            return out[0];
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Integer value, String attempted) {
            return functions.setInt().set(id, name, value);
        }
    };

    private static final Kind<Long> NUMBER = new Kind<>() {
        @Override
        public Long get(OptionFunctions functions, int id, String name, String attempted) {
            long[] out = new long[1];
            NngException.check(functions.getUint64().get(id, name, out), attempted);
            return out[0];
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Long value, String attempted) {
            return functions.setUint64().set(id, name, value);
        }
    };

    private static final Kind<Duration> DURATION = durations(Timeouts.INFINITE);
    private static final Kind<Duration> FINITE = durations(Integer.MAX_VALUE);

    private static Kind<Duration> durations(int infinite) {
        return new Kind<>() {
            @Override
            public Duration get(OptionFunctions functions, int id, String name, String attempted) {
                int[] out = new int[1];
                NngException.check(functions.getMs().get(id, name, out), attempted);
                return Timeouts.duration(out[0]);
            }

            @Override
            public int set(OptionFunctions functions, int id, String name, Duration value, String attempted) {
                int millis = Timeouts.millis(value);
                return functions.setMs().set(id, name, millis == Timeouts.INFINITE ? infinite : millis);
            }
        };
    }

    private static final Kind<Size> SIZE = new Kind<>() {
        @Override
        public Size get(OptionFunctions functions, int id, String name, String attempted) {
            long[] out = new long[1];
            NngException.check(functions.getSize().get(id, name, out), attempted);
            return new Size(out[0]);
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Size value, String attempted) {
            return functions.setSize().set(id, name, value.bytes());
        }
    };

    private static final Kind<String> STRING = new Kind<>() {
        @Override
        public String get(OptionFunctions functions, int id, String name, String attempted) {
            long[] out = new long[1];
            NngException.check(functions.getString().get(id, name, out), attempted);
            try {
                return NativeMemory.string(out[0]);
            } finally {
                NngLibrary.api().nng_strfree(out[0]);
            }
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, String value, String attempted) {
            // C would take the part before the NUL for the whole.
            return value.indexOf('\0') >= 0
                    ? NngError.EINVAL.code()
                    : functions.setString().set(id, name, value);
        }
    };

    /** An array of strings that ends with NULL; the array and the strings are the caller's to free. */
    private static final Kind<List<String>> STRINGS = new Kind<>() {
        @Override
        public List<String> get(OptionFunctions functions, int id, String name, String attempted) {
            long[] out = new long[1];
            NngException.check(functions.getPtr().get(id, name, out), attempted);
            List<String> strings = new ArrayList<>();
            if (out[0] != 0) {
                for (long string : NativeMemory.pointers(out[0])) {
                    strings.add(NativeMemory.string(string));
                    NngLibrary.api().nng_strfree(string);
                }
                NngLibrary.api().nng_free(out[0], (strings.size() + 1L) * Long.BYTES);
            }
            return List.copyOf(strings);
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, List<String> value, String attempted) {
            return NngError.EREADONLY.code();
        }
    };

    private static final Kind<SocketAddress> ADDRESS = new Kind<>() {
        @Override
        public SocketAddress get(OptionFunctions functions, int id, String name, String attempted) {
            byte[] out = new byte[NativeAddress.SIZE];
            NngException.check(functions.getAddr().get(id, name, out), attempted);
            return NativeAddress.parse(out);
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, SocketAddress value, String attempted) {
            byte[] address = NativeAddress.format(value);
            return address.length == 0
                    ? NngError.EADDRINVAL.code()
                    : functions.setAddr().set(id, name, address);
        }
    };

    private static final Kind<TlsConfig> TLS_CONFIG = new Kind<>() {
        @Override
        public TlsConfig get(OptionFunctions functions, int id, String name, String attempted) {
            throw NngException.of(attempted, NngError.EWRITEONLY.code());
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, TlsConfig value, String attempted) {
            return functions.setTls().set(id, name, value, attempted);
        }
    };

    private static int mode(Set<PosixFilePermission> permissions) {
        return permissions.stream().mapToInt(Option::bit).sum();
    }

    private static int bit(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ -> 0400;
            case OWNER_WRITE -> 0200;
            case OWNER_EXECUTE -> 0100;
            case GROUP_READ -> 040;
            case GROUP_WRITE -> 020;
            case GROUP_EXECUTE -> 010;
            case OTHERS_READ -> 04;
            case OTHERS_WRITE -> 02;
            case OTHERS_EXECUTE -> 01;
        };
    }
}
