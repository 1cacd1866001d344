package org.nngjava.gifbroker.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.nngjava.gifbroker.GifJobHandler;
import org.nngjava.gifbroker.media.InvalidOptionException;
import org.nngjava.workers.Backoff;
import org.nngjava.workers.Job;
import org.nngjava.workers.JobQueue;
import org.nngjava.workers.JobRequest;
import org.nngjava.workers.Worker;

/**
 * Tells a job's end to the address that its submitter named. The message is a job of the same queue, run by a worker of this process: so it is
 * on disk, is tried again, and is a dead letter when it is given up. That it is submitted once, however often it is told, is due to its key.
 */
final class Webhooks implements AutoCloseable {
    /** The type of the jobs that are messages. */
    static final String TYPE = "webhook";

    private static final int LONGEST_ADDRESS = 2048;
    private static final Pattern LITERAL = Pattern.compile("\\[.*\\]|[0-9.]+");
    private static final Duration AT_THE_END = Duration.ofSeconds(1);
    private static final int SLOTS = 4;

    /** With the backoff, for about three hours. */
    private static final int RETRIES = 14;

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofHours(1));

    private final JobQueue queue;
    private final WebhookSettings settings;
    private WebhookSender sender;
    private Worker worker;

    /**
     * @param settings empty if there are to be none
     */
    Webhooks(JobQueue queue, Optional<WebhookSettings> settings) {
        this.queue = queue;
        this.settings = settings.orElse(null);
    }

    /** Begins to send. */
    void start() {
        if (settings == null) {
            return;
        }
        sender = new WebhookSender(settings);
        worker = Worker.builder()
                .queue(queue)
                .name("webhooks")
                .slots(SLOTS)
                .handle(TYPE, sender)
                .start();
    }

    /**
     * Checks an address that a client names.
     *
     * @throws InvalidOptionException if there are no webhooks, or none may go there
     */
    void check(String callback) throws InvalidOptionException {
        if (settings == null) {
            throw new InvalidOptionException(GifJobHandler.CALLBACK, "this server sends no webhooks");
        }
        URI address;
        try {
            address = new URI(callback);
        } catch (URISyntaxException e) {
            throw new InvalidOptionException(GifJobHandler.CALLBACK, "is no address: " + e.getReason());
        }
        boolean web = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
        if (!web || address.getHost() == null || address.getRawUserInfo() != null || address.getRawFragment() != null) {
            throw new InvalidOptionException(
                    GifJobHandler.CALLBACK,
                    "is an address such as https://example.com/hook, without user and fragment");
        }
        if (callback.length() > LONGEST_ADDRESS) {
            throw new InvalidOptionException(
                    GifJobHandler.CALLBACK, "has more than " + LONGEST_ADDRESS + " characters");
        }
        if (!settings.allowPrivate() && isPrivateLiteral(address.getHost())) {
            throw new InvalidOptionException(
                    GifJobHandler.CALLBACK, address.getHost() + " is no address of the public internet");
        }
    }

    /**
     * Sends the message about a job that has ended, if anybody is to be told. It is in the queue when this returns, once for each end.
     *
     * @throws ExecutionException if it could not be submitted
     * @throws InterruptedException if the caller is interrupted
     */
    void tell(Job job) throws ExecutionException, InterruptedException {
        if (settings != null && job.options().containsKey(GifJobHandler.CALLBACK)) {
            submit(job).get();
        }
    }

    /** Gives receivers that answer a moment for it; what is not understood then is sent again by the next start. */
    @Override
    public void close() {
        if (worker == null) {
            return;
        }
        try {
            worker.stop(AT_THE_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }

    private CompletableFuture<Job> submit(Job job) {
        return queue.submitAsync(JobRequest.builder(TYPE)
                .payload(Json.bytes(JobResource.of(job)))
                .options(Map.of(WebhookSender.ADDRESS, job.options().get(GifJobHandler.CALLBACK), "job", job.id()))
                .key(TYPE + ":" + job.id() + ":" + job.attempt())
                .timeout(WebhookSender.TIMEOUT.plusSeconds(10))
                .retries(RETRIES)
                .backoff(BACKOFF)
                .build());
    }

    private static boolean isPrivateLiteral(String host) {
        try {
            return LITERAL.matcher(host).matches() && !NetworkAddress.isPublic(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
