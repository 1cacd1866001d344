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
import org.nngjava.workers.Job;

/**
 * The jobs that wait: one line for each type, by priority and then in the order of submission, and those that wait for their time. A
 * job that is tried again takes the place it had. Owned by the broker's thread; any thread may ask for a position.
 */
final class Lineup {
    private final Map<String, NavigableSet<Place>> lines = new ConcurrentHashMap<>();
    private final PriorityQueue<Delayed> later = new PriorityQueue<>(Comparator.comparingLong(Delayed::due));
    private final Map<String, Delayed> delayed = new HashMap<>();
    private int waiting;

    private record Delayed(String id, long due) {}

    /** Where a job stands in its line: the first is the smallest. */
    private record Place(int priority, String id) implements Comparable<Place> {
        private static Place of(Job job) {
            return new Place(job.priority(), job.id());
        }

        @Override
        public int compareTo(Place other) {
            int byPriority = Integer.compare(other.priority, priority);
            return byPriority != 0 ? byPriority : id.compareTo(other.id);
        }
    }

    /** Lines up a job for now. */
    void add(Job job) {
        if (lines.computeIfAbsent(job.type(), type -> new ConcurrentSkipListSet<>())
                .add(Place.of(job))) {
            waiting++;
        }
    }

    /** Lines up a job for a later time. */
    void addLater(Job job, long due) {
        Delayed entry = new Delayed(job.id(), due);
        delayed.put(job.id(), entry);
        later.add(entry);
    }

    void remove(Job job) {
        remove(job.type(), Place.of(job));
        Delayed entry = delayed.remove(job.id());
        if (entry != null) {
            later.remove(entry);
        }
    }

    /** Takes out the job that comes first among those of some types. */
    Optional<String> poll(Collection<String> types) {
        String firstType = null;
        Place first = null;
        for (String type : types) {
            NavigableSet<Place> line = line(type);
            Place place = line.isEmpty() ? null : line.first();
            if (place != null && (first == null || place.compareTo(first) < 0)) {
                firstType = type;
                first = place;
            }
        }
        if (first == null) {
            return Optional.empty();
        }
        remove(firstType, first);
        return Optional.of(first.id());
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
    int position(Job job) {
        return line(job.type()).headSet(Place.of(job), false).size() + 1;
    }

    private void remove(String type, Place place) {
        NavigableSet<Place> line = lines.get(type);
        if (line != null && line.remove(place)) {
            waiting--;
            if (line.isEmpty()) {
                lines.remove(type);
            }
        }
    }

    private NavigableSet<Place> line(String type) {
        return lines.getOrDefault(type, Collections.emptyNavigableSet());
    }
}
