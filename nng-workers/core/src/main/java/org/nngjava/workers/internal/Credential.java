package org.nngjava.workers.internal;

/**
 * The part of any request that shows who may ask.
 *
 * @param auth the token of the queue, or null
 */
record Credential(String auth) {}
