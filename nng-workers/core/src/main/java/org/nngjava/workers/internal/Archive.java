package org.nngjava.workers.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import org.nngjava.workers.Blob;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobError;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Retention;
import org.nngjava.workers.StoredJob;

/** The finished jobs that are remembered, in the order in which they finished. */
final class Archive {
    private static final System.Logger LOG = System.getLogger(Archive.class.getName());
    private static final int REMEMBERED_REPORTS = 10_000;

    private final Retention retention;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();

    /**
     * The reports that counted last, by their jobs: those that finished them, and those after which they are tried again. Who sent
     * one may not have been answered yet, since answers wait for the next job, and sends it again.
     */
    private final LinkedHashMap<String, Counted> counted = new LinkedHashMap<>();

    /** The ids of those that were given up. Any thread reads them. */
    private final NavigableSet<String> deadLetters = new ConcurrentSkipListSet<>();

    /** How many jobs have each result. */
    private final Map<String, Integer> results = new HashMap<>();

    private final Map<JobState, Integer> counts = new EnumMap<>(JobState.class);

    /** The token is that of the report which finished the job, or null if something else did. */
    private record Entry(Job job, String token) {}

    private record Counted(String token, Report.Outcome outcome) {}

    Archive(Retention retention) {
        this.retention = retention;
    }

    void add(StoredJob stored) {
        Job job = stored.job();
        boolean reported = job.state() == JobState.SUCCEEDED
                || (job.state() == JobState.FAILED
                        && !JobError.POISON.equals(job.error().code()));
        String token = reported && stored.lease() != null ? stored.lease().token() : null;
        entries.put(job.id(), new Entry(job, token));
        if (job.result() != null) {
            results.merge(job.result().id(), 1, Integer::sum);
        }
        counts.merge(job.state(), 1, Integer::sum);
        if (job.state() == JobState.FAILED) {
            deadLetters.add(job.id());
        }
    }

    Optional<Job> find(String jobId) {
        return Optional.ofNullable(entries.get(jobId)).map(Entry::job);
    }

    /** The jobs that were given up, newest first. Any thread may ask. */
    List<String> deadLetters(int limit, String beforeId) {
        NavigableSet<String> all = beforeId == null ? deadLetters : deadLetters.headSet(beforeId, false);
        return all.descendingSet().stream().limit(limit).toList();
    }

    /** Tells whether a report counted when it came before. Its job may have been forgotten since. */
    boolean hasCounted(Report report) {
        Entry entry = entries.get(report.job());
        return (entry != null && report.token().equals(entry.token()))
                || new Counted(report.token(), report.outcome()).equals(counted.get(report.job()));
    }

    /** Remembers that a report counts. */
    void count(Report report) {
        count(report.job(), new Counted(report.token(), report.outcome()));
    }

    private void count(String jobId, Counted report) {
        counted.remove(jobId); // to be the last of all
        counted.put(jobId, report);
        if (counted.size() > REMEMBERED_REPORTS) {
            counted.remove(counted.keySet().iterator().next());
        }
    }

    Optional<Job> remove(String jobId) {
        Entry entry = entries.remove(jobId);
        if (entry == null) {
            return Optional.empty();
        }
        counts.merge(entry.job().state(), -1, Integer::sum);
        deadLetters.remove(jobId);
        if (entry.token() != null) {
            boolean succeeded = entry.job().state() == JobState.SUCCEEDED;
            count(jobId, new Counted(entry.token(), succeeded ? Report.Outcome.DONE : Report.Outcome.FAILED));
        }
        if (entry.job().result() != null) {
            results.computeIfPresent(entry.job().result().id(), (id, jobs) -> jobs == 1 ? null : jobs - 1);
        }
        return Optional.of(entry.job());
    }

    /** Takes out what is to be forgotten. */
    List<Job> removeExpired(Instant now) {
        List<Job> expired = new ArrayList<>();
        Instant tooOld = now.minus(Limits.time(retention.age()));
        while (!entries.isEmpty()) {
            Job oldest = entries.values().iterator().next().job();
            if (entries.size() <= retention.jobs() && oldest.finishedAt().isAfter(tooOld)) {
                break;
            }
            remove(oldest.id()).ifPresent(expired::add);
        }
        return expired;
    }

    /** Tells whether a job that is remembered has this result. */
    boolean hasResult(Blob result) {
        return results.containsKey(result.id());
    }

    /** Tells whether the keeper wants a job's result to outlive it. */
    boolean keepsResultOf(Job job) {
        try {
            return retention.keeper().keeps(job, job.result());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the keeper failed: the result of job " + job.id() + " stays", e);
            return true;
        }
    }

    /** Tells whether the keeper wants a dead letter to keep its payload. */
    boolean keepsPayloadOf(Job deadLetter) {
        try {
            return retention.keeper().keepsPayload(deadLetter);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the keeper failed: the payload of " + deadLetter.id() + " stays", e);
            return true;
        }
    }

    int count(JobState state) {
        return counts.getOrDefault(state, 0);
    }
}
