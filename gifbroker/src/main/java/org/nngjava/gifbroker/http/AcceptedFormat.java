package org.nngjava.gifbroker.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.nngjava.gifbroker.media.OutputFormat;

/** Which kind of file a client would rather have, by the {@code Accept} header of RFC 9110. */
final class AcceptedFormat {
    private AcceptedFormat() {}

    /**
     * The format that the header prefers to a GIF. Empty if it prefers none: whoever takes a GIF as gladly as anything else gets that, as
     * does who takes neither, since the header may be about the job that is answered with at first.
     *
     * @param accept the header's value, or null
     */
    static Optional<OutputFormat> of(String accept) {
        if (accept == null) {
            return Optional.empty();
        }
        OutputFormat best = OutputFormat.GIF;
        for (OutputFormat format : OutputFormat.values()) {
            if (weight(accept, format) > weight(accept, best)) {
                best = format;
            }
        }
        return best == OutputFormat.GIF ? Optional.empty() : Optional.of(best);
    }

    /** Of the most specific range that matches. */
    private static double weight(String accept, OutputFormat format) {
        String any = format.mediaType().substring(0, format.mediaType().indexOf('/')) + "/*";
        double weight = 0;
        int specific = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.strip().split("\\s*;\\s*", -1);
            int matches =
                    parts[0].equals(format.mediaType()) ? 3 : parts[0].equals(any) ? 2 : parts[0].equals("*/*") ? 1 : 0;
            if (matches > specific) {
                specific = matches;
                weight = weight(parts);
            }
        }
        return weight;
    }

    private static double weight(String[] range) {
        return Arrays.stream(range)
                .skip(1)
                .filter(parameter -> parameter.matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)"))
                .mapToDouble(parameter -> Double.parseDouble(parameter.substring(2)))
                .findFirst()
                .orElse(1);
    }
}
