package org.nngjava.gifbroker.cli;

/** What goes to the log. */
final class Log {
    private static final String LEVEL = "org.slf4j.simpleLogger.log.org.nngjava";

    private Log() {}

    /**
     * Leaves out all but warnings, unless the user set a level: for commands that tell what they do themselves. Before anything
     * else, since a logger keeps the level that it began with.
     */
    static void warningsOnly() {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, "warn");
        }
    }
}
