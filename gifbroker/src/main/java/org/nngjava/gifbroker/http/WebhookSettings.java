package org.nngjava.gifbroker.http;

/**
 * How others are told of jobs that have ended.
 *
 * @param secret what the messages are signed with
 * @param allowPrivate whether they may go to this machine and the networks around it
 */
public record WebhookSettings(Secret secret, boolean allowPrivate) {}
