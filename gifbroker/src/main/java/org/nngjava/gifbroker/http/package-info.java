/**
 * The HTTP side of gifbroker: a GIF is a job resource, a movie is the body that makes one.
 *
 * <p>Nothing here waits on a thread. A body is read as its bytes come ({@code RequestBody}), whoever waits for a job is a future,
 * a GIF and a stream of events are written as the client takes them. A small fixed pool of threads therefore serves any number of
 * clients, however slow. Handlers are thin and hold no state of their own but what they were given.
 *
 * <p>Every error, the server's own among them, is an {@code application/problem+json} of RFC 9457.
 */
package org.nngjava.gifbroker.http;
