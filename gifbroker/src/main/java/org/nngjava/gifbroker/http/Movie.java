package org.nngjava.gifbroker.http;

import java.util.Map;
import org.nngjava.workers.Blob;

/**
 * A movie that was uploaded.
 *
 * @param blob where its bytes are
 * @param fields the short fields of a multipart form that came with it
 */
record Movie(Blob blob, Map<String, String> fields) {}
