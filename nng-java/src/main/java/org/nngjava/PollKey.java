package org.nngjava;

/**
 * The registration of a socket with a {@link Poller}, for one {@link Readiness}. It ends when it is cancelled, when its socket closes or
 * when its poller does. Safe for use by several threads.
 */
public final class PollKey {
    private final Poller poller;
    private final Socket socket;
    private final Readiness readiness;
    private final Object attachment;
    final long id;
    final int descriptor;
    private volatile boolean valid = true;

    PollKey(Poller poller, Socket socket, Readiness readiness, Object attachment, long id, int descriptor) {
        this.poller = poller;
        this.socket = socket;
        this.readiness = readiness;
        this.attachment = attachment;
        this.id = id;
        this.descriptor = descriptor;
    }

    /** The socket that was registered. */
    public Socket socket() {
        return socket;
    }

    /** What it was registered for. */
    public Readiness readiness() {
        return readiness;
    }

    /** What was attached at the registration, for example the one who handles it; null if nothing was. */
    public Object attachment() {
        return attachment;
    }

    /** Whether it has not ended yet. */
    public boolean isValid() {
        return valid;
    }

    /** Ends the registration; from then on no select reports it. Idempotent. */
    public void cancel() {
        poller.cancel(this);
        socket.state().forget(this);
    }

    /** The socket closes. */
    void socketCloses() {
        poller.cancel(this);
        poller.wakeupIfSelecting();
    }

    void invalidate() {
        valid = false;
    }

    @Override
    public String toString() {
        return readiness + " of " + socket + (valid ? "" : ", ended");
    }
}
