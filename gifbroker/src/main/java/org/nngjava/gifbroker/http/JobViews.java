package org.nngjava.gifbroker.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;

/**
 * Jobs as clients are told of them: each is looked up and put into words once for all who are told of the same change. Safe for any
 * thread.
 */
final class JobViews {
    private static final int KEPT = 1_000;

    private final JobQueue queue;
    private final Map<String, Lookup> lookups = new ConcurrentHashMap<>();

    /**
     * A job at a moment.
     *
     * @param json of its {@link JobResource}
     */
    record View(Job job, String json) {
        private static View of(Job job) {
            return new View(job, Json.text(JobResource.of(job)));
        }
    }

    JobViews(JobQueue queue) {
        this.queue = queue;
    }

    /** A job as it was at some time since it {@link #changed} last; empty if there is none of this name. */
    Optional<View> of(String jobId) {
        if (lookups.size() >= KEPT) {
            lookups.clear();
        }
        return lookups.computeIfAbsent(jobId, Lookup::new).view();
    }

    /** What was known of a job is out of date. */
    void changed(String jobId) {
        lookups.remove(jobId);
    }

    /** What was known of any job is out of date. */
    void changed() {
        lookups.clear();
    }

    /** Done by the first who asks, once the map has it: later changes find it there. */
    private final class Lookup {
        private final String jobId;
        private Optional<View> found;

        Lookup(String jobId) {
            this.jobId = jobId;
        }

        synchronized Optional<View> view() {
            if (found == null) {
                found = queue.job(jobId).map(View::of);
            }
            return found;
        }
    }
}
