package org.nngjava.gifbroker.media;

/**
 * What the kernel lets one process have; 0 is no limit. See getrlimit(2).
 *
 * @param memory bytes of address space
 * @param cpuSeconds of all its threads together
 * @param fileSize bytes of any file that it writes
 */
record ResourceLimits(long memory, long cpuSeconds, long fileSize) {
    static ResourceLimits none() {
        return new ResourceLimits(0, 0, 0);
    }
}
