/**
 * Judges an endpoint of the scalability protocols (SP) byte by byte, over plain sockets and from what the RFCs say, with no SP library
 * of its own: it is the endpoint's peer, a well-behaved one and a hostile one.
 *
 * <p>From the bottom up: {@link org.nngjava.conformance.Wire} moves bytes, {@link org.nngjava.conformance.SpConnection} speaks one of the
 * transport mappings, a {@link org.nngjava.conformance.Role} knows one protocol and its cases, a
 * {@link org.nngjava.conformance.Trial} runs one {@link org.nngjava.conformance.Case} against a
 * {@link org.nngjava.conformance.Subject}, a {@link org.nngjava.conformance.Suite} runs them all and a
 * {@link org.nngjava.conformance.Report} shows the verdicts. {@link org.nngjava.conformance.Main} is the program.
 *
 * <p>Threads: nothing here is shared between threads but {@link org.nngjava.conformance.Received}.
 */
package org.nngjava.conformance;
