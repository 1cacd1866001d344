/**
 * A thin binding to NNG, the scalability protocols in C (nanomsg next generation).
 *
 * <p>Each protocol has a socket type with the operations of that protocol and no others: {@link org.nngjava.ReqSocket},
 * {@link org.nngjava.RepSocket}, {@link org.nngjava.PubSocket}, {@link org.nngjava.SubSocket}, and {@link org.nngjava.RawSocket}
 * for raw mode. Sending and receiving come in the same four forms everywhere ({@link org.nngjava.Sender},
 * {@link org.nngjava.Receiver}): waiting, trying, asynchronous with a {@link java.util.concurrent.CompletableFuture}, and continuous with a
 * handler, a supplier or a {@link java.util.concurrent.Flow}, where a slow consumer stops the reading. Requests and surveys
 * ({@link org.nngjava.Request}, {@link org.nngjava.Survey}) come in them as well.
 *
 * <p>Threads: sockets, contexts, dialers and listeners may be used by any number of threads; a {@link org.nngjava.Message} has one
 * owner at a time. What depends on the future of an asynchronous operation, and handlers that were given no executor, run on a thread
 * of NNG and must not block; blocking calls of this package refuse to run there. Pipe listeners run on threads of the binding and may block.
 *
 * <p>The properties {@code org.nngjava.library} and {@code org.nngjava.extract.dir} say which libnng is loaded, and where a bundled one
 * is unpacked. With {@code org.nngjava.leakDetection=true} sockets, contexts, pollers and messages that were garbage collected without
 * being closed are reported, by a {@link System.Logger} named {@code org.nngjava} as warnings with the place of their creation, and
 * forgotten messages are freed; otherwise a forgotten message is lost memory, and the others are closed without a word.
 */
package org.nngjava;
