package org.nngjava.workers;

import java.io.IOException;
import java.io.InputStream;

/** The process that has started this one. */
public final class Parent {
    private Parent() {}

    /** Has this process end at once when its parent does, even by {@code kill -9}: its standard input ends then. */
    public static void haltWithIt() {
        Thread orphaned = new Thread(Parent::awaitEnd, "orphaned");
        orphaned.setDaemon(true);
        orphaned.start();
    }

    private static void awaitEnd() {
        try (InputStream in = System.in) {
            while (in.read() >= 0) {
                // Nothing is expected.
            }
        } catch (IOException e) {
            System.err.println("standard input failed: " + e);
        }
        Runtime.getRuntime().halt(0);
    }
}
