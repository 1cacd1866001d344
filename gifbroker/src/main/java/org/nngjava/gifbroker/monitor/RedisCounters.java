package org.nngjava.gifbroker.monitor;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nngjava.gifbroker.http.LiveSnapshot;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps counters in Redis, where they outlive servers: the hash {@value #TOTALS}. A server counts from its start, so what it counted when it
 * was last looked at is kept beside, and only what has come since is added, by one script that nothing can come between. So it does no harm to look
 * twice, or by two monitors. For one thread.
 */
public final class RedisCounters {
    /** The hash of the counters. */
    public static final String TOTALS = "gifbroker:counters";

    private static final String SEEN = "gifbroker:seen:";
    private static final String ADD = """
            for i = 1, #ARGV, 2 do
              local seen = tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or '0')
              local more = tonumber(ARGV[i + 1]) - seen
              if more > 0 then
                redis.call('HINCRBY', KEYS[1], ARGV[i], string.format('%.0f', more))
                redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
              end
            end
            redis.call('EXPIRE', KEYS[2], 2592000)
            return redis.call('HGETALL', KEYS[1])
            """;

    private final URI address;

    /**
     * Connects when it is used.
     *
     * @param address such as {@code redis://127.0.0.1:6379/0}; {@code rediss} for TLS
     */
    public RedisCounters(URI address) {
        this.address = address;
    }

    /**
     * Adds what has come since.
     *
     * @return the totals by name, over all starts of the server
     * @throws IOException if Redis does not take them, with a sentence that says so
     */
    public Map<String, Long> add(LiveSnapshot now) throws IOException {
        if (now.start() == null) {
            return Map.of();
        }
        List<String> arguments = new ArrayList<>();
        counters(now).forEach((name, count) -> {
            arguments.add(name);
            arguments.add(Long.toString(count));
        });
        try (Jedis redis = new Jedis(address)) {
            return totals((List<?>) redis.eval(ADD, List.of(TOTALS, SEEN + now.start()), arguments));
        } catch (JedisException e) {
            throw new IOException("counters are not kept at " + place() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Long> counters(LiveSnapshot now) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("accepted", now.figures().accepted());
        counters.put("started", now.figures().started());
        counters.put("succeeded", now.figures().succeeded());
        counters.put("failed", now.figures().failed());
        counters.put("cancelled", now.figures().cancelled());
        counters.put("retried", now.figures().retried());
        counters.put("orphaned", now.figures().orphaned());
        counters.put("refused", now.figures().refused());
        counters.put("sentBytes", now.figures().traffic().sentBytes());
        counters.put("receivedBytes", now.figures().traffic().receivedBytes());
        return counters;
    }

    private static Map<String, Long> totals(List<?> namesAndCounts) {
        Map<String, Long> totals = new TreeMap<>();
        for (int i = 0; i < namesAndCounts.size(); i += 2) {
            totals.put(
                    namesAndCounts.get(i).toString(),
                    Long.parseLong(namesAndCounts.get(i + 1).toString()));
        }
        return totals;
    }

    /** Without the password. */
    private String place() {
        return address.getHost() + ":" + address.getPort();
    }
}
