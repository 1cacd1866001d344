package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.nngjava.gifbroker.TlsFiles;
import org.nngjava.gifbroker.http.Json;
import org.nngjava.gifbroker.http.Problem;
import org.nngjava.gifbroker.http.Secret;
import tools.jackson.core.JacksonException;

/** A gifbroker that is asked over HTTP. What it refuses is an {@link IOException} in its own words. Safe for any thread. */
final class Server {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private final URI address;
    private final Optional<Secret> token;
    private final HttpClient client;

    /**
     * @param address such as {@code http://127.0.0.1:8080}
     * @param token what it asks for, if anything
     * @param tls with the authorities to trust, if it speaks HTTPS
     */
    Server(URI address, Optional<Secret> token, TlsFiles tls) {
        this.token = token;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        client = (tls.equals(TlsFiles.NONE) ? builder : builder.sslContext(tls.context())).build();
        String text = address.toString();
        this.address = URI.create(text.endsWith("/") ? text : text + "/");
    }

    /** Whether a server may be there. */
    static boolean isWebAddress(URI address) {
        return address.getHost() != null && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
    }

    /** Text as part of a path or a query. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A request, to be made more of. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        address.resolve(path.startsWith("/") ? path.substring(1) : path))
                .timeout(ANSWER);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.value()));
        return request;
    }

    /** GET of JSON. */
    <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
        return Json.read(send(request(path).build()), type);
    }

    /** POST of nothing, answered with JSON. */
    <T> T post(String path, Class<T> type) throws IOException, InterruptedException {
        return Json.read(send(request(path).POST(BodyPublishers.noBody()).build()), type);
    }

    /** Sends a request, and gives the body of the answer. */
    byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw refusal(response, response.body());
        }
        return response.body();
    }

    /** Sends a request, whatever is answered. */
    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try {
            return client.send(request, body);
        } catch (ConnectException e) {
            throw new IOException("no server answers at " + address, e);
        } catch (SSLHandshakeException e) {
            throw new IOException(
                    "no secure connection to " + address + ": " + e.getMessage()
                            + "; --tls-ca names the authorities to trust",
                    e);
        }
    }

    /** Sends a request, and does not wait for what is answered. */
    CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofByteArray());
    }

    /** What an answer says that is not the one hoped for. */
    IOException refusal(HttpResponse<?> response, byte[] body) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith(Problem.MEDIA_TYPE)) {
            try {
                Problem problem = Json.read(body, Problem.class);
                return new IOException(problem.title() + ": " + problem.detail());
            } catch (JacksonException e) {
                return new IOException(address + " answers " + response.statusCode(), e);
            }
        }
        return new IOException(address + " answers " + response.statusCode() + "; is it a gifbroker?");
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
