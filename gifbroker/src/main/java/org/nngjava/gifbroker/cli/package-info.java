/**
 * The command line: one class for each role. Standard output carries results and, with {@code --json}, JSON; progress and the log go
 * to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage.
 */
package org.nngjava.gifbroker.cli;
