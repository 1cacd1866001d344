package org.nngjava;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that NNG knows of itself, as it was at one moment: a value, or a {@link Scope} of them. {@link Statistics} takes them.
 *
 * <p>Which there are, and what they count, is up to NNG, see {@link Statistics}.
 */
public sealed interface Statistic {
    /** NNG's name for it, for example {@code tx_msgs}. */
    String name();

    /** What it is, in English, for example {@code sent messages}. */
    String description();

    /**
     * When it was taken, as the time of NNG's own clock. That starts anywhere; the difference between two snapshots is what tells.
     */
    Duration timestamp();

    /** What a number counts. */
    enum Unit {
        /** Nothing in particular. */
        NONE,
        BYTES,
        MESSAGES,
        MILLISECONDS,
        EVENTS
    }

    /**
     * A number that goes up and down.
     *
     * @param unit what it counts
     * @param value the number, without a sign
     */
    record Level(String name, String description, Duration timestamp, Unit unit, long value) implements Statistic {
        public Level {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
            Objects.requireNonNull(unit, "unit");
        }

        /** The value and what it is, for example {@code 2 open pipes}. */
        @Override
        public String toString() {
            return Long.toUnsignedString(value) + " " + description;
        }
    }

    /**
     * A number that only grows.
     *
     * @param unit what it counts
     * @param value the number, without a sign
     */
    record Counter(String name, String description, Duration timestamp, Unit unit, long value) implements Statistic {
        public Counter {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
            Objects.requireNonNull(unit, "unit");
        }

        /** The value and what it is, for example {@code 10 sent messages}. */
        @Override
        public String toString() {
            return Long.toUnsignedString(value) + " " + description;
        }
    }

    /**
     * A text.
     *
     * @param value the text, empty if NNG has none
     */
    record Text(String name, String description, Duration timestamp, String value) implements Statistic {
        public Text {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
            Objects.requireNonNull(value, "value");
        }

        /** The value alone. */
        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * A truth value.
     *
     * @param value whether it is so
     */
    record Flag(String name, String description, Duration timestamp, boolean value) implements Statistic {
        public Flag {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
        }

        /** The name and the value. */
        @Override
        public String toString() {
            return name + " " + value;
        }
    }

    /**
     * The number of a socket, dialer, listener or pipe.
     *
     * @param value the number
     */
    record Id(String name, String description, Duration timestamp, int value) implements Statistic {
        public Id {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
        }

        /** The name and the value, for example {@code socket#3}. */
        @Override
        public String toString() {
            return name + "#" + value;
        }
    }

    /**
     * A group of statistics, of a socket say.
     *
     * @param children what is in it, scopes last; cannot be changed
     */
    record Scope(String name, String description, Duration timestamp, List<Statistic> children) implements Statistic {
        /** Copies the list. */
        public Scope {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(timestamp, "timestamp");
            children = List.copyOf(Objects.requireNonNull(children, "children"));
        }

        /** The number of the socket, dialer, listener or pipe that it is about. */
        public OptionalInt id() {
            return number("id");
        }

        /** The number of the socket that it belongs to, for a dialer, listener or pipe. */
        public OptionalInt socketId() {
            return number("socket");
        }

        private OptionalInt number(String name) {
            return children.stream()
                    .filter(child -> child instanceof Id && child.name().equals(name))
                    .mapToInt(child -> ((Id) child).value)
                    .findFirst();
        }

        /** The scopes in it that have a name, for example {@code pipe}. */
        public List<Scope> scopes(String name) {
            Objects.requireNonNull(name, "name");
            return scopes().filter(scope -> scope.name.equals(name)).toList();
        }

        private Stream<Scope> scopes() {
            return children.stream().filter(Scope.class::isInstance).map(Scope.class::cast);
        }

        /**
         * Finds a statistic by its path from here: names, or names and numbers, with slashes between, for example
         * {@code socket#3/pipe#7/rx_msgs}. Where several fit, the first one counts.
         */
        public Optional<Statistic> find(String path) {
            int end = Objects.requireNonNull(path, "path").indexOf('/');
            String first = end < 0 ? path : path.substring(0, end);
            Stream<Statistic> found = children.stream().filter(child -> isCalled(child, first));
            return end < 0
                    ? found.findFirst()
                    : found.filter(Scope.class::isInstance)
                            .flatMap(scope -> ((Scope) scope).find(path.substring(end + 1)).stream())
                            .findFirst();
        }

        private static boolean isCalled(Statistic child, String name) {
            return child.name().equals(name)
                    || (child instanceof Scope scope && scope.title().equals(name));
        }

        /**
         * The number that is found by {@link #find}.
         *
         * @throws NoSuchElementException if there is none, or it is no number
         */
        public long value(String path) {
            Statistic found = find(path).orElse(null);
            if (found instanceof Level level) {
                return level.value;
            } else if (found instanceof Counter counter) {
                return counter.value;
            } else if (found instanceof Id id) {
                return id.value;
            }
            throw new NoSuchElementException("no number at " + path + " in " + title());
        }

        /** The name, with the number if there is one: {@code socket#3}. */
        private String title() {
            OptionalInt id = id();
            return id.isPresent() ? name + "#" + id.getAsInt() : name;
        }

        /**
         * One line for people: what it is about and the numbers that are not 0, for example
         * {@code socket#3 (rep): 1 open listeners, 2 open pipes}, and then what is in its scopes.
         */
        @Override
        public String toString() {
            String texts = children.stream()
                    .filter(Scope::saysSomething)
                    .map(child -> child instanceof Flag ? child.name() : child.toString())
                    .collect(Collectors.joining(" "));
            String numbers = children.stream()
                    .filter(Scope::countsSomething)
                    .map(Statistic::toString)
                    .collect(Collectors.joining(", "));
            String own =
                    title() + (texts.isEmpty() ? "" : " (" + texts + ")") + (numbers.isEmpty() ? "" : ": " + numbers);
            return Stream.concat(Stream.of(own), scopes().map(Scope::toString))
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.joining("; "));
        }

        private static boolean saysSomething(Statistic statistic) {
            if (statistic instanceof Text text) {
                return !text.value.isEmpty();
            }
            return statistic instanceof Flag flag && flag.value;
        }

        private static boolean countsSomething(Statistic statistic) {
            if (statistic instanceof Level level) {
                return level.value != 0;
            }
            return statistic instanceof Counter counter && counter.value != 0;
        }
    }
}
