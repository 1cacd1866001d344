package org.nngjava;

import java.time.Duration;
import org.nngjava.internal.NativeMemory;
import org.nngjava.internal.NngLibrary;

/**
 * A named setting of a socket, context, dialer or listener, with the type of its value. The constants are in
 * {@link NngOptions}.
 *
 * @param <T> the type of the value
 */
public final class Option<T> {
    private final String name;
    private final Kind<T> kind;

    private Option(String name, Kind<T> kind) {
        this.name = name;
        this.kind = kind;
    }

    static Option<Boolean> flag(String name) {
        return new Option<>(name, FLAG);
    }

    static Option<Integer> integer(String name) {
        return new Option<>(name, INTEGER);
    }

    static Option<Duration> duration(String name) {
        return new Option<>(name, DURATION);
    }

    static Option<Size> size(String name) {
        return new Option<>(name, SIZE);
    }

    static Option<String> string(String name) {
        return new Option<>(name, STRING);
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
        return kind.get(functions, id, name, "get " + name + " of " + owner);
    }

    void set(OptionFunctions functions, int id, String owner, T value) {
        NngException.check(kind.set(functions, id, name, value), "set " + name + " of " + owner + " to " + value);
    }

    private interface Kind<T> {
        T get(OptionFunctions functions, int id, String name, String attempted);

        int set(OptionFunctions functions, int id, String name, T value);
    }

    private static final Kind<Boolean> FLAG = new Kind<>() {
        @Override
        public Boolean get(OptionFunctions functions, int id, String name, String attempted) {
            byte[] out = new byte[1];
            NngException.check(functions.getBool().get(id, name, out), attempted);
            return out[0] != 0;
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Boolean value) {
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
        public int set(OptionFunctions functions, int id, String name, Integer value) {
            return functions.setInt().set(id, name, value);
        }
    };

    private static final Kind<Duration> DURATION = new Kind<>() {
        @Override
        public Duration get(OptionFunctions functions, int id, String name, String attempted) {
            int[] out = new int[1];
            NngException.check(functions.getMs().get(id, name, out), attempted);
            return Timeouts.duration(out[0]);
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Duration value) {
            return functions.setMs().set(id, name, Timeouts.millis(value));
        }
    };

    private static final Kind<Size> SIZE = new Kind<>() {
        @Override
        public Size get(OptionFunctions functions, int id, String name, String attempted) {
            long[] out = new long[1];
            NngException.check(functions.getSize().get(id, name, out), attempted);
            return new Size(out[0]);
        }

        @Override
        public int set(OptionFunctions functions, int id, String name, Size value) {
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
        public int set(OptionFunctions functions, int id, String name, String value) {
            return functions.setString().set(id, name, value);
        }
    };
}
