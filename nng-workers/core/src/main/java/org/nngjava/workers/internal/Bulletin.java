package org.nngjava.workers.internal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import org.nngjava.workers.JobState;

/** What the broker publishes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Bulletin.OfJob.class, name = "job"),
    @JsonSubTypes.Type(value = Bulletin.OfWorker.class, name = "worker")
})
public sealed interface Bulletin {
    /**
     * Counts all that one broker publishes.
     *
     * @return 1 for the first
     */
    long number();

    /**
     * Names one start of a broker: its numbers begin anew.
     *
     * @return the broker's id
     */
    String broker();

    /**
     * What subscribers may filter by.
     *
     * @return the kind of thing, a slash, its id
     */
    String topic();

    /**
     * A job changed.
     *
     * @param broker names the start of the broker
     * @param number counts
     * @param job the job's id
     * @param type its type
     * @param state its new state
     * @param attempt counts its attempts
     * @param progress from 0 to 1
     * @param worker the name of the worker that has it or had it last, or null
     * @param at when it changed
     */
    record OfJob(
            String broker,
            long number,
            String job,
            String type,
            JobState state,
            int attempt,
            double progress,
            String worker,
            Instant at)
            implements Bulletin {
        @Override
        public String topic() {
            return "job/" + job;
        }
    }

    /**
     * A worker came or went.
     *
     * @param broker names the start of the broker
     * @param number counts
     * @param worker the worker's id
     * @param name its name
     * @param alive false if it is gone
     * @param at when
     */
    record OfWorker(String broker, long number, String worker, String name, boolean alive, Instant at)
            implements Bulletin {
        @Override
        public String topic() {
            return "worker/" + worker;
        }
    }
}
