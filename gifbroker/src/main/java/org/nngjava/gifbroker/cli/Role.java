package org.nngjava.gifbroker.cli;

import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.nngjava.gifbroker.App;
import org.nngjava.gifbroker.http.Json;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs what runs until it is told to stop. */
final class Role {
    private static final System.Logger LOG = System.getLogger(Role.class.getName());

    private Role() {}

    /** Something that ends in order. */
    @FunctionalInterface
    interface Ending {
        void stop() throws Exception;
    }

    /**
     * Starts an application, says where it is, and serves until SIGTERM or SIGINT: then it is stopped in order, and the process ends
     * with 143 or 130, as is usual for a process that a signal ended.
     *
     * @throws ParameterException if it cannot be what the command's options want it to be
     */
    static int run(App app, boolean json, CommandLine command) throws Exception {
        onSignal(app::stop);
        try {
            app.start();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage(), e);
        }
        if (json) {
            Map<String, Object> ready = new LinkedHashMap<>();
            ready.put("event", "ready");
            ready.put("http", app.http().toString());
            ready.put("work", app.workUrls());
            ready.put("events", app.eventUrls());
            ready.put("pid", ProcessHandle.current().pid());
            say(command.getOut(), ready);
        }
        return untilSignalled();
    }

    /** One line of JSON, at once. */
    static void say(PrintWriter out, Object value) {
        out.println(Json.text(value));
        out.flush();
    }

    /** Waits for SIGTERM or SIGINT, which end the process after what {@link #onSignal} was given. */
    static int untilSignalled() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    /** Ends something in order when the process is told to stop. */
    static void onSignal(Ending ending) {
        Thread hook = new Thread(
                () -> {
                    try {
                        ending.stop();
                    } catch (Exception e) {
                        LOG.log(Level.ERROR, "Stopping failed", e);
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
