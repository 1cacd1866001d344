/** A queue inside a program, with the public API alone: each example has a {@code main} of its own file, and a test runs them all. */
package org.nngjava.workers.examples;
