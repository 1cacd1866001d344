/**
 * Measures an HTTP server under load that comes from several workers: what one of them does ({@link
 * org.nngjava.gifbroker.load.LoadShare}) and what came out of all ({@link org.nngjava.gifbroker.load.LoadReport}).
 *
 * <p>Records are immutable; a run belongs to the thread that started it.
 */
package org.nngjava.gifbroker.load;
