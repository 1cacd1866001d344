package org.nngjava;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets one answer of a REP or RESPONDENT at a time through: NNG ends the process when another one is sent on the same socket or context
 * while the first still waits for its pipe.
 */
final class AnswerGate {
    private boolean taken;
    private List<Runnable> afterwards = List.of();

    synchronized boolean tryEnter() {
        boolean entered = !taken;
        taken = true;
        return entered;
    }

    void leave() {
        List<Runnable> next;
        synchronized (this) {
            taken = false;
            next = afterwards;
            afterwards = List.of();
        }
        next.forEach(Runnable::run);
    }

    /** Puts off until the answer under way has left what would bring the next one. False if none is under way. */
    synchronized boolean putOff(Runnable next) {
        if (taken) {
            if (afterwards.isEmpty()) {
                afterwards = new ArrayList<>();
            }
            afterwards.add(next);
        }
        return taken;
    }

    /** Takes back what was put off. False if it was not, or has begun. */
    synchronized boolean takeBack(Runnable next) {
        return !afterwards.isEmpty() && afterwards.remove(next);
    }
}
