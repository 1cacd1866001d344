package org.nngjava.gifbroker.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobState;

/**
 * Finds the job that has made a GIF before. What it remembers is a hint: the queue knows whether the job is there, and has the last
 * word when its result is asked for. Safe for any thread.
 */
final class KnownGifs {
    private static final int PAGE = 200;
    private static final int MOST_RECIPES = 20_000;
    private static final int MOST_JOBS = 8;

    private final JobQueue queue;

    /** The ids of the jobs of each recipe, and the recipes in the order in which they were used last. */
    private final Map<GifRecipe, Set<String>> jobs = new LinkedHashMap<>(16, 0.75f, true);

    KnownGifs(JobQueue queue) {
        this.queue = queue;
    }

    /** Gets to know the jobs of an earlier start. */
    void load() {
        String before = null;
        List<Job> page;
        int seen = 0;
        do {
            page = queue.jobs(PAGE, before);
            for (Job job : page) {
                add(job);
                before = job.id();
            }
            seen += page.size();
        } while (page.size() == PAGE && seen < MOST_RECIPES);
    }

    /** Remembers a job that makes, or has made, a GIF. */
    synchronized void add(Job job) {
        GifRecipe.of(job).ifPresent(recipe -> {
            addTo(jobs.computeIfAbsent(recipe, any -> new LinkedHashSet<>()), job.id());
            if (jobs.size() > MOST_RECIPES) {
                Iterator<GifRecipe> leastUsed = jobs.keySet().iterator();
                leastUsed.next();
                leastUsed.remove();
            }
        });
    }

    /** A job that has succeeded with this recipe. */
    Optional<Job> find(GifRecipe recipe) {
        for (String id : candidates(recipe)) {
            Optional<Job> job = queue.job(id);
            if (job.isEmpty() || isOfNoUse(job.get())) {
                remove(recipe, id);
            } else if (job.get().state() == JobState.SUCCEEDED) {
                return job;
            }
        }
        return Optional.empty();
    }

    private static boolean isOfNoUse(Job job) {
        return job.state().isFinal() && job.result() == null;
    }

    private static void addTo(Set<String> ids, String next) {
        ids.add(next);
        if (ids.size() > MOST_JOBS) {
            Iterator<String> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private synchronized List<String> candidates(GifRecipe recipe) {
        return List.copyOf(jobs.getOrDefault(recipe, Set.of()));
    }

    private synchronized void remove(GifRecipe recipe, String id) {
        jobs.computeIfPresent(recipe, (any, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }
}
