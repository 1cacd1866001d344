package org.nngjava;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows that this binding works on a machine: loads libnng, sends messages through every protocol on every transport and compares what
 * comes out, ends operations by time-out, interrupt, cancellation and close.
 *
 * <pre>java -cp nng-java.jar:nng-native.jar:... org.nngjava.NngVerifier [SECONDS]</pre>
 *
 * <p>It takes 5 seconds unless told otherwise, prints one line for each check, and exits with 0 if all is well, 1 if anything failed, 2 if
 * it was called wrongly. It listens on the loopback interface only.
 */
public final class NngVerifier {
    /** How long something may take that should take no time: a busy machine is not a broken one. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration USUAL_TIME = Duration.ofSeconds(5);

    /** Something that must work. */
    interface Check {
        /** Does it for about this long, and says how much was done; whatever it throws says what is wrong. */
        String run(Duration time) throws Exception;
    }

    private record NamedCheck(String name, Check check) {}

    private NngVerifier() {}

    /**
     * Verifies this machine, prints to the standard output, and exits.
     *
     * @param args nothing, or how many seconds it may take
     */
    public static void main(String[] args) {
        Optional<Duration> time = time(args);
        if (time.isEmpty()) {
            System.err.println("usage: java org.nngjava.NngVerifier [SECONDS]");
            System.exit(2);
        } else {
            System.exit(verify(time.get(), System.out::println) ? 0 : 1);
        }
    }

    /**
     * Verifies this machine.
     *
     * @param time about how long to go on; each check does its work at least once
     * @param out gets the lines that say what was found
     * @return whether all is well
     */
    public static boolean verify(Duration time, Consumer<String> out) {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(out, "out");
        out.accept("Java " + Runtime.version() + " on " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        try {
            out.accept("NNG " + Nng.version() + ", " + Nng.origin() + ", "
                    + Nng.tlsEngine().map(TlsEngine::description).orElse("no TLS"));
        } catch (LinkageError e) {
            out.accept("FAILED  load libnng: " + reason(e));
            return false;
        }
        List<NamedCheck> checks = checks();
        int failed = 0;
        for (NamedCheck check : checks) {
            if (!passes(check, time.dividedBy(checks.size()), out)) {
                failed++;
            }
        }
        out.accept(
                failed == 0
                        ? "All is well: " + checks.size() + " checks"
                        : failed + " of " + checks.size() + " checks FAILED");
        return failed == 0;
    }

    private static List<NamedCheck> checks() {
        List<NamedCheck> checks = new ArrayList<>();
        for (VerifiedTransport transport : VerifiedTransport.values()) {
            for (VerifiedPattern pattern : VerifiedPattern.values()) {
                if (transport.isHere()) {
                    checks.add(new NamedCheck(pattern + " over " + transport, time -> pattern.verify(transport, time)));
                }
            }
        }
        for (VerifiedEnding ending : VerifiedEnding.values()) {
            checks.add(new NamedCheck(ending.toString(), time -> ending.verify()));
        }
        return checks;
    }

    private static boolean passes(NamedCheck check, Duration time, Consumer<String> out) {
        String line = String.format("%-6s  %-34s", "ok", check.name());
        try {
            out.accept((line + check.check().run(time)).stripTrailing());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.accept("FAILED  " + check.name() + ": interrupted");
        } catch (Exception | LinkageError e) {
            out.accept("FAILED  " + check.name() + ": " + reason(e));
        }
        return false;
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static Optional<Duration> time(String[] args) {
        if (args.length == 0) {
            return Optional.of(USUAL_TIME);
        }
        try {
            return Optional.of(Duration.ofSeconds(Integer.parseUnsignedInt(args[0])))
                    .filter(time -> args.length == 1);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
