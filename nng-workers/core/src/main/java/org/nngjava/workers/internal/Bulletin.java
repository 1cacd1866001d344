package org.nngjava.workers.internal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Set;
import org.nngjava.workers.JobState;
import org.nngjava.workers.Presence;
import org.nngjava.workers.QueueFigures;
import org.nngjava.workers.QueueStatus;
import org.nngjava.workers.WorkerFigures;
import org.nngjava.workers.WorkerMode;

/** What the broker publishes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Bulletin.OfJob.class, name = "job"),
    @JsonSubTypes.Type(value = Bulletin.OfWorker.class, name = "worker"),
    @JsonSubTypes.Type(value = Bulletin.OfQueue.class, name = "queue")
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
     * A worker came or went, or is there as before: that is said about once in each heartbeat.
     *
     * @param broker names the start of the broker
     * @param number counts
     * @param worker the worker's id
     * @param name its name
     * @param presence whether it is there
     * @param slots how many jobs it runs at once
     * @param labels the groups that it belongs to
     * @param mode what it does with jobs
     * @param figures what it counts
     * @param at when
     */
    record OfWorker(
            String broker,
            long number,
            String worker,
            String name,
            Presence presence,
            int slots,
            Set<String> labels,
            WorkerMode mode,
            WorkerFigures figures,
            Instant at)
            implements Bulletin {
        @Override
        public String topic() {
            return "worker/" + worker;
        }
    }

    /**
     * The queue is there, which it says in each heartbeat, or closes.
     *
     * @param broker names the start of the broker
     * @param number counts
     * @param presence alive or left
     * @param heartbeatMs how often it says so
     * @param status what it holds
     * @param figures what it counts
     * @param at when
     */
    record OfQueue(
            String broker,
            long number,
            Presence presence,
            long heartbeatMs,
            QueueStatus status,
            QueueFigures figures,
            Instant at)
            implements Bulletin {
        @Override
        public String topic() {
            return "queue/" + broker;
        }
    }
}
