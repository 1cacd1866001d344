package org.nngjava.workers.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests of each pipe that wait for an answer. NNG holds 64 replies for a pipe and drops more without a word,
 * so no pipe may have more than half of that open.
 */
final class Unanswered {
    private final Map<Integer, Integer> byPipe = new HashMap<>();

    /** Counts one more, if that is allowed. */
    boolean admit(int pipe) {
        int count = byPipe.getOrDefault(pipe, 0);
        if (count >= Limits.UNANSWERED) {
            return false;
        }
        byPipe.put(pipe, count + 1);
        return true;
    }

    void answered(int pipe) {
        byPipe.computeIfPresent(pipe, (id, count) -> count == 1 ? null : count - 1);
    }

    void pipeGone(int pipe) {
        byPipe.remove(pipe);
    }
}
