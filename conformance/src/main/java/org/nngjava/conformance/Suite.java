package org.nngjava.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All cases for one protocol on one transport, one after the other against one endpoint. */
final class Suite {
    /** NNG 1.5.2 as it was released, with the defects that are mended in our library: see native/patches. */
    private static final String UNMENDED = "nng-1.5.2";

    private static final Verdict HANG = new Verdict(
            Verdict.Kind.DEVIATES, "stranger-ends-listener: after some peers have gone, it serves nobody any more");
    private static final Verdict CRASH =
            new Verdict(Verdict.Kind.DEVIATES, "closed-pipe-crash: it used the memory of a connection that was closed");

    private final String implementation;
    private final Settings settings;

    /** For an implementation whose deviations are known by this name; an empty name if it is not known. */
    Suite(String implementation, Settings settings) {
        this.implementation = implementation;
        this.settings = settings;
    }

    /** The cases for a protocol on a transport, in the order in which they are tried. */
    static List<Case> cases(Protocol protocol, Transport transport) {
        Role role = Role.of(protocol);
        List<Case> cases = new ArrayList<>();
        cases.addAll(HandshakeCases.of(role));
        cases.addAll(WebSocketCases.of(role));
        cases.addAll(FramingCases.of(role));
        cases.addAll(role.cases());
        cases.removeIf(some -> !some.transports().contains(transport));
        return cases;
    }

    /**
     * Tries these cases, one after the other. Each result is also told when it is there. An endpoint that dies or hangs is opened
     * anew.
     *
     * @throws IOException if the endpoint cannot be reached at the beginning
     */
    List<Result> run(Opener opener, Predicate<Case> which, Consumer<Result> told) throws IOException {
        List<Result> results = new ArrayList<>();
        try (Session session = new Session(opener)) {
            for (Case some : cases(session.role.protocol(), session.transport)) {
                if (which.test(some)) {
                    long start = System.nanoTime();
                    Verdict verdict = session.judge(some);
                    Result result = new Result(
                            some,
                            session.role.protocol(),
                            session.transport,
                            verdict,
                            Duration.ofNanos(System.nanoTime() - start));
                    results.add(result);
                    told.accept(result);
                }
            }
        }
        return results;
    }

    /** Opens an endpoint, at the beginning and again when one is of no use any more. */
    @FunctionalInterface
    interface Opener {
        Subject open() throws IOException;
    }

    /** The cases of one run, with the endpoint that is there now. */
    private final class Session implements AutoCloseable {
        private final Opener opener;
        private final Role role;
        private final Transport transport;
        private final boolean echoes;
        private Subject subject;
        private int trials;

        Session(Opener opener) throws IOException {
            this.opener = opener;
            this.subject = opener.open();
            this.role = Role.of(subject.protocol());
            this.transport = Address.of(subject.url()).transport();
            Optional<String> unreachable = subject.death();
            if (unreachable.isPresent()) {
                subject.close();
                throw new IOException(unreachable.get());
            }
            this.echoes = echoes();
        }

        Verdict judge(Case some) throws IOException {
            Verdict verdict = attempt(some);
            for (int attempt = 1; attempt < settings.attempts() && verdict.kind() == Verdict.Kind.FAIL; attempt++) {
                subject.close();
                subject = opener.open();
                verdict = attempt(some);
            }
            return verdict;
        }

        @Override
        public void close() {
            subject.close();
        }

        private Verdict attempt(Case some) throws IOException {
            Verdict verdict = tried(some);
            if (verdict.kind() == Verdict.Kind.PASS || verdict.kind() == Verdict.Kind.NOT_APPLICABLE) {
                return verdict;
            }
            boolean unmended = verdict.kind() == Verdict.Kind.FAIL && implementation.equals(UNMENDED);
            Optional<String> death = subject.death();
            if (death.isPresent()) {
                boolean crash = death.get().startsWith(ProcessSubject.CRASHED);
                verdict = unmended && crash ? CRASH : verdict(some, death.get());
            } else if (!serves()) {
                verdict = unmended ? HANG : verdict(some, verdict.detail() + "; it serves nobody any more");
            } else {
                return verdict;
            }
            subject.close();
            subject = opener.open();
            return verdict;
        }

        private Verdict tried(Case some) {
            try (Trial trial = trial()) {
                some.check().run(trial);
                return new Verdict(Verdict.Kind.PASS, trial.note());
            } catch (NotApplicable e) {
                return new Verdict(Verdict.Kind.NOT_APPLICABLE, e.getMessage());
            } catch (IOException | Unexpected e) {
                return verdict(some, String.valueOf(e.getMessage()));
            }
        }

        private Verdict verdict(Case some, String seen) {
            return some.deviation(implementation, transport)
                    .map(known -> new Verdict(Verdict.Kind.DEVIATES, known.name() + ": " + known.instead()))
                    .orElseGet(() -> new Verdict(Verdict.Kind.FAIL, seen));
        }

        private boolean serves() {
            try (Trial trial = trial()) {
                role.serves(trial);
                return true;
            } catch (NotApplicable e) {
                return true;
            } catch (IOException | Unexpected e) {
                return false;
            }
        }

        private boolean echoes() {
            try (Trial trial = trial()) {
                return role.echoes(trial);
            } catch (IOException | Unexpected e) {
                return false; // the cases will say what is wrong
            }
        }

        private Trial trial() {
            return new Trial(subject, role, echoes, settings, ++trials);
        }
    }
}
