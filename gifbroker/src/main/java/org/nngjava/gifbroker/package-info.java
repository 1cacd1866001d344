/**
 * gifbroker, movies in and GIFs out: the application as a whole ({@link org.nngjava.gifbroker.App}), what it may be told
 * ({@link org.nngjava.gifbroker.Settings}) and what its workers do ({@link org.nngjava.gifbroker.GifJobHandler}).
 *
 * <p>An application is started and stopped by one thread; all else may be used by any.
 */
package org.nngjava.gifbroker;
