package org.nngjava;

/**
 * Lets one answer of a REP or RESPONDENT at a time through: NNG ends the process when another one is sent on the same socket or context
 * while the first still waits for its pipe.
 */
final class AnswerGate {
    private boolean taken;
    private Runnable afterwards;

    synchronized boolean tryEnter() {
        boolean entered = !taken;
        taken = true;
        return entered;
    }

    void leave() {
        Runnable next;
        synchronized (this) {
            taken = false;
            next = afterwards;
            afterwards = null;
        }
        if (next != null) {
            next.run();
        }
    }

    /** Puts off until the answer under way has left what would bring the next one. False if none is under way. */
    synchronized boolean putOff(Runnable next) {
        if (taken) {
            afterwards = next;
        }
        return taken;
    }

    /** Takes back what was put off. False if it was not, or has begun. */
    synchronized boolean takeBack(Runnable next) {
        boolean found = afterwards == next;
        if (found) {
            afterwards = null;
        }
        return found;
    }
}
