package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.util.List;

/** No ffmpeg could be started. The message says which were tried, what each one lacks, and what helps. */
public final class FfmpegNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    private final List<String> missingLibraries;

    FfmpegNotFoundException(String message, List<String> missingLibraries) {
        super(message);
        this.missingLibraries = List.copyOf(missingLibraries);
    }

    /** The shared libraries that the bundled ffmpeg wants and the system lacks, such as {@code libxcb.so.1}; may be empty. */
    public List<String> missingLibraries() {
        return missingLibraries;
    }
}
