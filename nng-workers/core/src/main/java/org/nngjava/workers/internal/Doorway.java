package org.nngjava.workers.internal;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.nngjava.workers.Job;

/** Those who wait for room in the queue, in the order in which they came. For the broker's thread. */
final class Doorway {
    private final Dispatcher dispatcher;
    private final GatedOutbox outbox;
    private final Set<Applicant> line = new LinkedHashSet<>();

    Doorway(Dispatcher dispatcher, GatedOutbox outbox) {
        this.dispatcher = dispatcher;
        this.outbox = outbox;
    }

    /** Lets in at once whoever needs no room or finds some; others wait. */
    void enter(Applicant applicant) {
        if (dispatcher.needsNoRoom(applicant.submission())) {
            letIn(applicant);
        } else {
            line.add(applicant);
            admit();
        }
    }

    void leave(Applicant applicant) {
        line.remove(applicant);
    }

    /** Lets in as many as there is room for; all, to be refused, if the queue takes no more jobs. */
    void admit() {
        Iterator<Applicant> next = line.iterator();
        while (next.hasNext() && (dispatcher.hasRoom() || !dispatcher.isAccepting())) {
            Applicant applicant = next.next();
            next.remove();
            letIn(applicant);
        }
    }

    int size() {
        return line.size();
    }

    private void letIn(Applicant applicant) {
        if (!applicant.take()) {
            return;
        }
        try {
            Job job = dispatcher.submit(applicant.submission());
            outbox.then(() -> applicant.accept(job), applicant::refuse);
        } catch (RuntimeException e) {
            applicant.refuse(e);
        }
    }
}
