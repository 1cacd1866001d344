/**
 * How the queue works; not for users.
 *
 * <p>The way of a job: {@code JobQueue} hands it to the {@link org.nngjava.workers.internal.Broker}, whose one thread
 * owns the {@link org.nngjava.workers.internal.Dispatcher}. There it waits in the {@link
 * org.nngjava.workers.internal.Lineup} until the {@link org.nngjava.workers.internal.Roster} has an idle worker, and
 * becomes a {@link org.nngjava.workers.internal.Holding} in {@link org.nngjava.workers.internal.Leases}. On the other
 * side a {@link org.nngjava.workers.internal.Slot} of the worker receives it over its {@link
 * org.nngjava.workers.internal.BrokerLink} and runs it as an {@link org.nngjava.workers.internal.Attempt}; {@link
 * org.nngjava.workers.internal.Heartbeats} keep the lease. The report comes back with the slot's next question, the
 * {@link org.nngjava.workers.internal.Lifecycle} says what the job becomes, and the {@link
 * org.nngjava.workers.internal.Archive} remembers it for a while.
 *
 * <p><b>Threads.</b> The dispatcher and what it is made of belong to the broker's thread and have no locks. It never
 * blocks and never touches the disk: {@link org.nngjava.workers.internal.Transfers} do that on threads of their own.
 * Other threads reach it through the broker's queue of tasks.
 */
package org.nngjava.workers.internal;
