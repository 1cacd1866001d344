/**
 * nng-workers beside the job queues that people would take instead, each in a process of its own. A {@link
 * org.nngjava.benchmarks.queue.Subject} is what is measured, {@link org.nngjava.benchmarks.queue.SubjectProcess} measures it, and {@link
 * org.nngjava.benchmarks.queue.QueueBenchmark} has them take turns.
 */
package org.nngjava.benchmarks.queue;
