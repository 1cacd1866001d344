package org.nngjava.gifbroker.cli;

import java.time.Duration;
import org.nngjava.gifbroker.media.MediaLimits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much a movie and its conversion may take, as flags. */
final class LimitFlags {
    /** ffmpeg and its libraries take most of it before the first frame. */
    private static final long LEAST_MEMORY = 256L << 20;

    @Option(
            names = "--max-upload",
            paramLabel = "SIZE",
            defaultValue = "2G",
            description = "The largest movie that is taken. Default: ${DEFAULT-VALUE}")
    private ByteSize maxUpload;

    @Option(
            names = "--max-pixels",
            paramLabel = "WxH",
            defaultValue = "8192x8192",
            description = "The most pixels that a movie's picture may have, in any shape. Default: ${DEFAULT-VALUE}")
    private Pixels maxPixels;

    @Option(
            names = "--max-gif-pixels",
            paramLabel = "WxH",
            defaultValue = "2048x2048",
            description = "The most pixels that a GIF may have, in any shape. Default: ${DEFAULT-VALUE}")
    private Pixels maxGifPixels;

    @Option(
            names = "--max-frames",
            paramLabel = "N",
            defaultValue = "3000",
            description = "The most frames that a GIF may have. Default: ${DEFAULT-VALUE}")
    private int maxFrames;

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            description =
                    "The longest GIF; of a longer movie it shows the first part unless a longer duration is asked for, which is refused. "
                            + "Default: ${DEFAULT-VALUE}")
    private Duration maxDuration;

    @Option(
            names = "--max-output",
            paramLabel = "SIZE",
            defaultValue = "256M",
            description = "The largest GIF. Default: ${DEFAULT-VALUE}")
    private ByteSize maxOutput;

    @Option(
            names = "--max-cpu",
            paramLabel = "TIME",
            defaultValue = "20m",
            description = "The most CPU time for a conversion, on all cores together. Default: ${DEFAULT-VALUE}")
    private Duration maxCpu;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            defaultValue = "2G",
            description = "The most memory (address space) for a conversion, at least 256M. Default: ${DEFAULT-VALUE}")
    private ByteSize maxMemory;

    @Option(
            names = "--job-timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "Ends a conversion that takes longer, by the clock. Default: ${DEFAULT-VALUE}")
    private Duration jobTimeout;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    MediaLimits limits() {
        Usage.require(spec, maxMemory.bytes() >= LEAST_MEMORY, "--max-memory is at least 256M");
        try {
            return new MediaLimits(
                    maxUpload.bytes(),
                    maxPixels.count(),
                    maxGifPixels.count(),
                    maxFrames,
                    maxDuration,
                    jobTimeout,
                    maxCpu,
                    maxOutput.bytes(),
                    maxMemory.bytes());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "a limit must be more than 0", e);
        }
    }
}
