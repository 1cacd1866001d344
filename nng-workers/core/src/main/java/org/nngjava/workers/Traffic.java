package org.nngjava.workers;

/**
 * What sockets carried over {@code tcp}, {@code tls+tcp} and {@code ipc}, as NNG counts it; other transports are not counted. It is read about
 * once a second, so that the last of a connection that closed may be missing.
 *
 * @param sentMessages messages sent
 * @param sentBytes their length, without what the transport adds
 * @param receivedMessages messages received
 * @param receivedBytes their length
 */
public record Traffic(long sentMessages, long sentBytes, long receivedMessages, long receivedBytes) {
    /** Of sockets that carried nothing. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0);
}
