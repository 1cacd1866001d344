package org.nngjava.gifbroker.media;

/** A movie that did not become a GIF. The message is a sentence for the person who sent the movie; it names no path. */
public final class MediaException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, and whether it would help to try again. */
    public enum Kind {
        /** The file is no movie by its first bytes: text, an image, a playlist, an archive, or nothing at all. */
        NOT_A_MOVIE(true),
        /** A movie by its first bytes, but no part of it can be decoded. */
        UNREADABLE(true),
        /** A movie without a picture, such as one with sound only. */
        NO_PICTURE(true),
        /** The asked start is at or beyond the movie's end. */
        START_BEYOND_END(true),
        /** The asked part of the picture reaches beyond it. */
        CROP_BEYOND_PICTURE(true),
        /** This ffmpeg was built without what is needed, such as an encoder. */
        UNSUPPORTED(true),
        /** The movie or the GIF would go beyond a {@linkplain MediaLimits limit}. */
        LIMIT(true),
        /** ffmpeg died or the machine failed it: out of disk, killed, a bug. */
        CRASHED(false),
        /** It took longer than the {@linkplain MediaLimits#timeLimit() time limit}. */
        TIMED_OUT(false);

        private final boolean permanent;

        Kind(boolean permanent) {
            this.permanent = permanent;
        }

        /** Whether the same movie with the same options would fail again. */
        public boolean isPermanent() {
            return permanent;
        }
    }

    private final Kind kind;

    /**
     * @param kind why
     * @param message a sentence for the person who sent the movie
     */
    public MediaException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same movie with the same options would fail again. */
    public boolean isPermanent() {
        return kind.isPermanent();
    }
}
