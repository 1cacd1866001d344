package org.nngjava.gifbroker.monitor;

import java.time.Instant;

/**
 * Something that somebody should know of.
 *
 * @param event {@code dead}, {@code silent} or {@code back}
 * @param process the name of the worker, or {@code server}
 * @param id names the start of that worker; null of a server
 * @param server where the server is
 * @param at when it was noticed
 */
public record Alert(String event, String process, String id, String server, Instant at) {
    /** The name of the server as a process. */
    static final String SERVER = "server";

    static final String BACK = "back";

    /** One sentence for people. */
    public String sentence() {
        String who = process.equals(SERVER) ? "the server" : "worker " + process;
        return switch (event) {
            case BACK -> who + " is back";
            case "dead" -> who + " is dead";
            default -> who + " is silent";
        };
    }
}
