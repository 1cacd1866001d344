package org.nngjava.gifbroker;

import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.Retention;

/**
 * Keeps the movies of those failed jobs that may do better another time. A movie that cannot be read will not be read then either. A GIF goes, and
 * its poster with it.
 */
final class RetriedMovies implements Retention.Keeper {
    private final Posters posters;

    RetriedMovies(Posters posters) {
        this.posters = posters;
    }

    @Override
    public boolean keeps(Job job, Blob result) {
        posters.forget(result);
        return false;
    }

    @Override
    public boolean keepsPayload(Job deadLetter) {
        JobError error = deadLetter.error();
        return !error.permanent()
                || error.code().equals(JobError.POISON)
                || !deadLetter.type().equals(GifJobHandler.TYPE);
    }
}
