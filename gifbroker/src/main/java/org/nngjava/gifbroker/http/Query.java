package org.nngjava.gifbroker.http;

import io.javalin.http.Context;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.nngjava.workers.JobRequest;

/** What the query of a request says. All that it cannot say is 400, code {@code invalid-option}. */
final class Query {
    private Query() {}

    /**
     * Refuses parameters that nobody will look at.
     *
     * @param known those that are known
     * @param others knows more of them
     */
    static void allow(Context ctx, Set<String> known, Predicate<String> others) {
        for (String name : ctx.queryParamMap().keySet()) {
            if (!known.contains(name) && !others.test(name)) {
                throw invalid("'" + name + "' is not known; there are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** A whole number within bounds. */
    static int number(Context ctx, String name, int least, int most, int otherwise) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw invalid("'" + name + "' is a whole number from " + least + " to " + most);
    }

    /**
     * The name of a type or a worker.
     *
     * @param otherwise null if there must be one
     */
    static String name(Context ctx, String name, String otherwise) {
        String text = ctx.queryParam(name);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        return name(name, text);
    }

    /** Checks a name. */
    static String name(String name, String text) {
        if (text == null || text.isBlank() || text.length() > JobRequest.MAX_TYPE) {
            throw invalid("'" + name + "' has 1 to " + JobRequest.MAX_TYPE + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw invalid("'" + name + "' has a control character");
        }
        return text;
    }

    static ProblemException invalid(String why) {
        return new ProblemException(ProblemType.INVALID_OPTION, why);
    }
}
