/**
 * The binding beside a C program on the same libnng ({@code src/main/c}) and beside JeroMQ. Each JMH class measures one pattern;
 * {@link org.nngjava.benchmarks.binding.BindingBenchmark} runs them in turn with the others.
 */
package org.nngjava.benchmarks.binding;
