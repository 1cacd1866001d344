/**
 * What a monitor makes of what a server shows: alerts ({@link org.nngjava.gifbroker.monitor.Alerts}), which are told to a command or a
 * webhook ({@link org.nngjava.gifbroker.monitor.AlertSender}), and counters that outlive the server ({@link
 * org.nngjava.gifbroker.monitor.RedisCounters}).
 *
 * <p>For one thread; a sender has one of its own.
 */
package org.nngjava.gifbroker.monitor;
