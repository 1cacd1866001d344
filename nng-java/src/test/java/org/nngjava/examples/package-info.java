/** A program for each pattern, with the public API alone: each has a {@code main}, and a test runs them all. */
package org.nngjava.examples;
