package org.nngjava.conformance;

import java.time.Duration;

/** What came of a case at one endpoint, and how long it took. */
record Result(Case judged, Protocol protocol, Transport transport, Verdict verdict, Duration time) {}
