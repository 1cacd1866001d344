package org.nngjava.workers;

/** A job was given up, so there is no result. */
public class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Job job;

    JobFailedException(Job job) {
        super("job " + job.id() + " (" + job.type() + ") was given up: "
                + job.error().message());
        this.job = job;
    }

    /**
     * The job that was given up.
     *
     * @return the job in its final state; {@link Job#error()} says why
     */
    public Job job() {
        return job;
    }
}
