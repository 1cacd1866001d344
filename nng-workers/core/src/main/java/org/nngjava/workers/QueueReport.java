package org.nngjava.workers;

import java.time.Instant;

/**
 * What a {@link Monitor} knows of its queue.
 *
 * @param id names one start of the queue
 * @param presence whether it is there
 * @param status what it holds
 * @param figures what it counts
 * @param at when it said so
 */
public record QueueReport(String id, Presence presence, QueueStatus status, QueueFigures figures, Instant at) {}
