/** Programs that show what a queue is good for. They run as tests. */
package org.nngjava.workers.examples;
