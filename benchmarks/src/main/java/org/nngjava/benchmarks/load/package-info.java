/** {@code gifbroker load} beside ab, on a server whose answers are known. */
package org.nngjava.benchmarks.load;
