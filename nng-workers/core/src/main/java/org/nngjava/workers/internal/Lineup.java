package org.nngjava.workers.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The jobs that wait: one line for each type, in the order of submission, and those that wait for their time. A job that is
 * tried again takes the place it had. Owned by the broker's thread; any thread may ask for a position.
 */
final class Lineup {
    private final Map<String, NavigableSet<String>> lines = new ConcurrentHashMap<>();
    private final PriorityQueue<Delayed> later = new PriorityQueue<>(Comparator.comparingLong(Delayed::due));
    private final Map<String, Delayed> delayed = new HashMap<>();
    private int waiting;

    private record Delayed(String type, String id, long due) {}

    /** Lines up a job for now. */
    void add(String type, String id) {
        if (lines.computeIfAbsent(type, t -> new ConcurrentSkipListSet<>()).add(id)) {
            waiting++;
        }
    }

    /** Lines up a job for a later time. */
    void addLater(String type, String id, long due) {
        Delayed entry = new Delayed(type, id, due);
        delayed.put(id, entry);
        later.add(entry);
    }

    void remove(String type, String id) {
        if (lines.containsKey(type) && lines.get(type).remove(id)) {
            waiting--;
        }
        Delayed entry = delayed.remove(id);
        if (entry != null) {
            later.remove(entry);
        }
    }

    /** Takes out the job that waited longest among those of some types. */
    Optional<String> poll(Collection<String> types) {
        String firstType = null;
        String firstId = null;
        for (String type : types) {
            NavigableSet<String> line = line(type);
            String id = line.isEmpty() ? null : line.first();
            if (id != null && (firstId == null || id.compareTo(firstId) < 0)) {
                firstType = type;
                firstId = id;
            }
        }
        if (firstId != null) {
            remove(firstType, firstId);
        }
        return Optional.ofNullable(firstId);
    }

    /** Takes out a job whose time has come. */
    Optional<String> pollDue(long now) {
        Delayed next = later.peek();
        if (next == null || next.due() > now) {
            return Optional.empty();
        }
        later.remove();
        delayed.remove(next.id());
        return Optional.of(next.id());
    }

    /** When the next delayed job is due; {@link Long#MAX_VALUE} if there is none. */
    long nextDue() {
        Delayed next = later.peek();
        return next == null ? Long.MAX_VALUE : next.due();
    }

    int size() {
        return waiting + delayed.size();
    }

    /** How many jobs of its type start before this one does, and one. */
    int position(String type, String id) {
        return line(type).headSet(id, false).size() + 1;
    }

    private NavigableSet<String> line(String type) {
        return lines.getOrDefault(type, Collections.emptyNavigableSet());
    }
}
