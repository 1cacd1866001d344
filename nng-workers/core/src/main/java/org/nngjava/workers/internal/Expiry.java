package org.nngjava.workers.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Things that expire a fixed time after they were put or touched. Since the time is the same for all, the order of touching
 * is the order of expiry, and every operation is cheap.
 *
 * @param <K> names the things
 */
final class Expiry<K> {
    private final long lifetime;
    private final LinkedHashMap<K, Long> deadlines = new LinkedHashMap<>();

    Expiry(long lifetimeMillis) {
        lifetime = lifetimeMillis;
    }

    /** Lets a thing expire one lifetime from now, whether it was there before or not. */
    void touch(K key, long now) {
        deadlines.remove(key);
        deadlines.put(key, now + lifetime);
    }

    /** As {@link #touch}, but leaves a thing that is there alone. */
    void putIfAbsent(K key, long now) {
        deadlines.putIfAbsent(key, now + lifetime);
    }

    boolean remove(K key) {
        return deadlines.remove(key) != null;
    }

    boolean contains(K key) {
        return deadlines.containsKey(key);
    }

    /** Takes out the next thing that has expired. */
    Optional<K> pollExpired(long now) {
        var first = deadlines.entrySet().iterator();
        if (first.hasNext()) {
            Map.Entry<K, Long> next = first.next();
            if (next.getValue() <= now) {
                first.remove();
                return Optional.of(next.getKey());
            }
        }
        return Optional.empty();
    }

    /** Gives everything more time. */
    void postpone(long millis) {
        deadlines.replaceAll((key, deadline) -> deadline + millis);
    }

    void dropExpired(long now) {
        Optional<K> dropped;
        do {
            dropped = pollExpired(now);
        } while (dropped.isPresent());
    }

    /** When the next thing expires; {@link Long#MAX_VALUE} if there is none. */
    long nextDeadline() {
        var values = deadlines.values().iterator();
        return values.hasNext() ? values.next() : Long.MAX_VALUE;
    }
}
