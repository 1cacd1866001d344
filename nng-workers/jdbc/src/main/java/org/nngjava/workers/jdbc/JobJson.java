package org.nngjava.workers.jdbc;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import org.nngjava.workers.StoredJob;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Jobs as JSON: the fields of {@link StoredJob} and of what it consists of under their names, bytes in base64. Fields that are not
 * known are passed over, those that are missing are null or zero, so that jobs of other versions can be read.
 */
final class JobJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .addModule(new SimpleModule()
                    .addSerializer(ByteBuffer.class, new BytesWriter())
                    .addDeserializer(ByteBuffer.class, new BytesReader()))
            .build();

    private JobJson() {}

    static String write(StoredJob job) {
        return JSON.writeValueAsString(job);
    }

    static StoredJob read(String json) {
        return JSON.readValue(json, StoredJob.class);
    }

    /** Between position and limit, which stay as they are. */
    private static final class BytesWriter extends ValueSerializer<ByteBuffer> {
        @Override
        public void serialize(ByteBuffer value, JsonGenerator out, SerializationContext context) {
            byte[] bytes = new byte[value.remaining()];
            value.get(value.position(), bytes);
            out.writeBinary(bytes);
        }
    }

    private static final class BytesReader extends ValueDeserializer<ByteBuffer> {
        @Override
        public ByteBuffer deserialize(JsonParser in, DeserializationContext context) {
            return ByteBuffer.wrap(in.getBinaryValue());
        }
    }
}
