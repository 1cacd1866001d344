package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.Promise;
import org.nngjava.workers.JobContext;
import org.nngjava.workers.JobHandler;
import org.nngjava.workers.PermanentFailureException;

/**
 * Posts one message, signed. The client resolves names itself, so that what is checked is the address that it connects to, whatever the name
 * resolved to a moment before; it follows no redirects.
 */
final class WebhookSender implements JobHandler, AutoCloseable {
    /** The option that says where to. */
    static final String ADDRESS = "url";

    /** How long the other end may take to answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int GONE = 410;

    private final WebhookSettings settings;
    private final HttpClient client = new HttpClient();

    WebhookSender(WebhookSettings settings) {
        this.settings = settings;
        client.setName("webhooks");
        client.setFollowRedirects(false);
        client.setConnectTimeout(CONNECT.toMillis());
        client.setSocketAddressResolver(this::resolve);
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("webhooks cannot be sent", e);
        }
    }

    @Override
    public void handle(JobContext job) throws IOException, InterruptedException, PermanentFailureException {
        byte[] body;
        try (InputStream payload = job.payload()) {
            body = payload.readAllBytes();
        }
        URI address = URI.create(job.options().get(ADDRESS));
        int status = post(address, job.id(), body);
        if (status == GONE) {
            throw new PermanentFailureException("webhook-gone", address.getHost() + " wants no more of them");
        }
        if (status / 100 != 2) {
            throw new IOException(address.getHost() + " answers " + status);
        }
    }

    private int post(URI address, String id, byte[] body)
            throws IOException, InterruptedException, PermanentFailureException {
        String time = Long.toString(Instant.now().getEpochSecond());
        Request request = client.POST(address)
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .agent("gifbroker")
                .headers(headers -> headers.put("X-Gifbroker-Delivery", id)
                        .put("X-Gifbroker-Timestamp", time)
                        .put("X-Gifbroker-Signature", signature(time, body)))
                .body(new BytesRequestContent(Json.MEDIA_TYPE, body));
        InputStreamResponseListener listener = new InputStreamResponseListener();
        request.send(listener);
        InputStream content = listener.getInputStream();
        try {
            return listener.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).getStatus();
        } catch (TimeoutException e) {
            throw new IOException(address.getHost() + " does not answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PrivateAddressException) {
                throw new PermanentFailureException(
                        "webhook-private", e.getCause().getMessage(), e);
            }
            throw new IOException(
                    address.getHost() + " cannot be told: " + e.getCause().getMessage(), e);
        } finally {
            content.close(); // unread, however long it is
        }
    }

    private String signature(String time, byte[] body) {
        byte[] begin = (time + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(begin, begin.length + body.length);
        System.arraycopy(body, 0, signed, begin.length, body.length);
        return "sha256=" + HexFormat.of().formatHex(settings.secret().sign(signed));
    }

    private void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        try {
            List<InetSocketAddress> allowed = Arrays.stream(InetAddress.getAllByName(host))
                    .filter(address -> settings.allowPrivate() || NetworkAddress.isPublic(address))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
            if (allowed.isEmpty()) {
                promise.failed(new PrivateAddressException(host));
            } else {
                promise.succeeded(allowed);
            }
        } catch (UnknownHostException e) {
            promise.failed(e);
        }
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("webhooks cannot be stopped", e);
        }
    }

    private static final class PrivateAddressException extends IOException {
        private static final long serialVersionUID = 1L;

        PrivateAddressException(String host) {
            super(host + " has no address in the public internet");
        }
    }
}
