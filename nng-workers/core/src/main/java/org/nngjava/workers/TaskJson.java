package org.nngjava.workers;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * How tasks and their results are written: by their components. What one end knows and the other does not is an error: it would be lost
 * without a word.
 */
final class TaskJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultVisibility(visible -> visible.withFieldVisibility(Visibility.ANY)
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE))
            .build();

    private TaskJson() {}

    /**
     * Writes a task or a result.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Runs the tasks that arrive. */
    static <T extends Record & Task<?>> JobHandler handler(Class<T> task) {
        return job -> {
            byte[] result = write(read(job, task).run(job));
            try (OutputStream out = job.result("application/json")) {
                out.write(result);
            }
        };
    }

    private static <T> T read(JobContext job, Class<T> task) throws IOException, PermanentFailureException {
        try (InputStream payload = job.payload()) {
            return JSON.readValue(payload.readAllBytes(), task);
        } catch (JacksonException e) {
            throw new PermanentFailureException(
                    "task", "this worker knows another " + task.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads what a task gave.
     *
     * @throws IOException if it is not what that task gives
     */
    static Object result(InputStream result, Class<?> task) throws IOException {
        JavaType type = JSON.getTypeFactory().constructType(task).findTypeParameters(Task.class)[0];
        try {
            return JSON.readValue(result.readAllBytes(), type);
        } catch (JacksonException e) {
            throw new IOException("not a result of " + task.getName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
