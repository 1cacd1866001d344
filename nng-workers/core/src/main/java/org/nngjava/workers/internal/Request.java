package org.nngjava.workers.internal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.nngjava.workers.WorkerFigures;

/** What a worker asks of the broker. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Request.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = Request.Get.class, name = "get"),
    @JsonSubTypes.Type(value = Request.Put.class, name = "put"),
    @JsonSubTypes.Type(value = Request.Leave.class, name = "leave")
})
public sealed interface Request {
    /**
     * A slot asks for a job and says how its last one ended. Asked again with the same id it gets the same answer.
     *
     * @param worker who asks
     * @param id names the question; a new one for each answer
     * @param wanted false if the slot wants no job any more: the question with this id is withdrawn, and a job that was given
     *     in answer to it is given back
     * @param report how the last job ended; null if there is nothing to report
     */
    record Ready(WorkerInfo worker, String id, boolean wanted, Report report) implements Request {
        /** Checks that nothing is missing. */
        public Ready {
            Objects.requireNonNull(worker, "worker");
            Limits.name("a question's id", id);
        }
    }

    /**
     * The worker lives and holds on to its leases.
     *
     * @param worker who lives
     * @param waits true to be answered when there are orders, at the latest when the next heartbeat is due; false for at once
     * @param leases the leases that it holds
     * @param figures what it counts
     */
    record Heartbeat(WorkerInfo worker, boolean waits, List<Claim> leases, WorkerFigures figures) implements Request {
        /** Checks that nothing is missing. */
        public Heartbeat {
            Objects.requireNonNull(worker, "worker");
            figures = Objects.requireNonNullElse(figures, WorkerFigures.NONE);
            leases = leases == null ? List.of() : List.copyOf(leases);
        }
    }

    /**
     * A lease that a worker holds.
     *
     * @param job the job's id
     * @param token the lease's token
     * @param progress from 0 to 1
     */
    record Claim(String job, String token, double progress) {
        /** Checks that nothing is missing. */
        public Claim {
            Limits.name("a job's id", job);
            Limits.name("a token", token);
            progress = Double.isNaN(progress) ? 0 : Math.max(0, Math.min(1, progress));
        }
    }

    /**
     * Asks for a part of the payload of a job.
     *
     * @param token the token of its lease
     * @param offset the first byte wanted
     * @param length how many bytes at most
     */
    record Get(String token, long offset, int length) implements Request {
        /** Checks the limits. */
        public Get {
            Limits.name("a token", token);
            if (offset < 0 || length < 1 || length > Limits.CHUNK) {
                throw new IllegalArgumentException("offset " + offset + ", length " + length);
            }
        }
    }

    /**
     * Gives a part of the result of a job: the body of the message.
     *
     * @param token the token of its lease
     * @param upload names the result; chosen by the worker, one for each result that it begins
     * @param offset where the part belongs; parts come in order, one repeated is stored once
     * @param last true if the result ends with this part
     * @param contentType the media type of the result, or null; read from the last part
     */
    record Put(String token, String upload, long offset, boolean last, String contentType) implements Request {
        /** Checks the limits. */
        public Put {
            Limits.name("a token", token);
            Limits.name("an upload", upload);
            if (offset < 0) {
                throw new IllegalArgumentException("offset " + offset);
            }
        }
    }

    /**
     * The worker goes. What it still holds is given back.
     *
     * @param worker the worker's id
     */
    record Leave(String worker) implements Request {
        /** Checks that nothing is missing. */
        public Leave {
            Limits.name("a worker's id", worker);
        }
    }
}
