package org.nngjava.gifbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.MediaLimits;
import org.nngjava.gifbroker.media.TestMovies;
import org.nngjava.workers.JobQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds the API's document against what the server does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private RunningApp app;
    private JsonNode document;
    private Path movie;

    @BeforeAll
    void start(@TempDir Path data, @TempDir Path movies) throws Exception {
        app = RunningApp.start(data, settings -> settings.workers(1));
        document = Json.read(app.get("/v1/openapi.json").body(), JsonNode.class);
        movie = TestMovies.movie(movies, "mp4", 0.5);
    }

    @AfterAll
    void stop() {
        app.close();
    }

    @Test
    void eachRouteOfTheApiIsDocumentedAndEachDocumentedOneIsThere() {
        Set<String> routes = routes().stream()
                .filter(route -> METHODS.contains(route.substring(0, route.indexOf(' '))))
                .collect(Collectors.toSet());
        Set<String> ofTheApi =
                routes.stream().filter(route -> route.contains(" /v1/")).collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented()).containsAll(ofTheApi);
        assertThat(routes).containsAll(documented());
    }

    @Test
    void eachOptionOfAGifIsDocumented() {
        Set<String> inQuery = new TreeSet<>();
        for (JsonNode parameter : document.at("/paths/~1v1~1gifs/post/parameters")) {
            JsonNode resolved = resolve(parameter);
            if (resolved.path("in").asString().equals("query")) {
                inQuery.add(resolved.get("name").asString());
            }
        }
        Set<String> inForm = new TreeSet<>(
                document.at("/paths/~1v1~1gifs/post/requestBody/content/multipart~1form-data/schema/properties")
                        .propertyNames());

        assertThat(inQuery).isEqualTo(GifHandlers.FORM_FIELDS);
        assertThat(inForm).containsAll(GifHandlers.FORM_FIELDS).hasSize(GifHandlers.FORM_FIELDS.size() + 1);
    }

    @Test
    void nothingIsReferredToThatIsNotThere() {
        document.findValues("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.asString().substring(1)).isMissingNode())
                        .as(reference.asString())
                        .isFalse());
    }

    @Test
    void answersAreAsTheirSchemasSay() throws Exception {
        HttpResponse<byte[]> accepted = app.post("?width=64", BodyPublishers.ofFile(movie));
        String id = conforms("post /v1/gifs", accepted, 202).get("id").asString();
        conforms("get /v1/jobs/{id}", app.get("/v1/jobs/" + id + "?wait=60"), 200);
        conforms("get /v1/gifs/{id}", app.get("/v1/gifs/" + id, "Range", "bytes=9999999-"), 416);
        JsonNode failed = conforms("post /v1/gifs", app.post("", BodyPublishers.ofString("no movie")), 202);
        String failedId = failed.get("id").asString();
        JsonNode error = conforms("get /v1/jobs/{id}", app.get("/v1/jobs/" + failedId + "?wait=60"), 200)
                .get("error");
        assertThat(error.get("code").asString()).isEqualTo("not-a-movie");
        conforms("get /v1/gifs/{id}", app.get("/v1/gifs/" + failedId), 422);
        conforms("get /v1/jobs", app.get("/v1/jobs?limit=1"), 200);
        conforms("get /v1/jobs", app.get("/v1/jobs?limit=0"), 400);
        conforms("get /v1/jobs/{id}", app.get("/v1/jobs/none"), 404);
        conforms("post /v1/jobs/{id}/cancel", post("/v1/jobs/" + id + "/cancel"), 409);
        conforms("post /v1/jobs/{id}/retry", post("/v1/jobs/" + id + "/retry"), 409);
        conforms("post /v1/gifs", app.post("?width=zero", BodyPublishers.ofFile(movie)), 400);
        conforms("get /v1/workers", app.get("/v1/workers"), 200);
        conforms("post /v1/workers/{name}/resume", post("/v1/workers/local-1/resume"), 202);
        conforms("post /v1/workers/{name}/quiet", post("/v1/workers/nobody/quiet"), 404);
        conforms("get /v1/live", app.get("/v1/live"), 200);
        conforms("get /v1/session", app.get("/v1/session"), 200);
        conforms("get /healthz", app.get("/healthz"), 200);
        conforms("get /readyz", app.get("/readyz"), 200);
    }

    @Test
    void linesOfAStreamAreAsTheirSchemaSays() throws Exception {
        HttpResponse<byte[]> accepted =
                app.send(app.request("/v1/work?type=x&option.a=b").POST(BodyPublishers.ofString("7")));
        String id = conforms("post /v1/work", accepted, 202).get("id").asString();
        conforms("post /v1/work", app.send(app.request("/v1/work?colour=red").POST(BodyPublishers.noBody())), 400);
        conforms("get /v1/work/{id}/result", app.get("/v1/work/" + id + "/result"), 409);
        try (Stream<String> lines =
                app.stream("/v1/work/stream?worker=1&type=x").body()) {
            Iterator<String> said = lines.filter(line -> !line.isEmpty()).iterator();
            JsonNode job = Json.read(said.next().getBytes(UTF_8), JsonNode.class);
            isAs(document.at("/components/schemas/WorkLine"), job);
            assertThat(job.propertyNames())
                    .containsExactlyInAnyOrderElementsOf(
                            document.at("/components/schemas/WorkLine/properties").propertyNames().stream()
                                    .filter(name -> !name.equals("reason"))
                                    .toList());
            app.send(app.request("/v1/jobs/" + id).DELETE());
            isAs(
                    document.at("/components/schemas/WorkLine"),
                    Json.read(said.next().getBytes(UTF_8), JsonNode.class));
            conforms("post /v1/work/{id}/result", post(job.at("/links/result").asString()), 409);
            conforms("post /v1/work/{id}/error", post(job.at("/links/error").asString()), 409);
        }
        conforms("get /v1/work/{id}/result", app.get("/v1/work/" + id + "/result"), 410);
    }

    private static Set<String> routes() {
        HttpSettings settings = new HttpSettings(
                HostPort.parse("127.0.0.1:0"),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Path.of("unused"),
                Duration.ofSeconds(1),
                MediaLimits.defaults(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                100,
                Optional.empty());
        try (JobQueue queue = JobQueue.builder().open()) {
            return new HttpServer(settings, queue, null, null).routes(); // it does not start
        }
    }

    private Set<String> documented() {
        Set<String> documented = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().forEach(name -> {
                    String method = name.toUpperCase(Locale.ROOT);
                    if (METHODS.contains(method)) {
                        documented.add(method + " " + path.getKey());
                    }
                }));
        return documented;
    }

    /** Checks status, type and body of an answer, and gives the body. */
    private JsonNode conforms(String operation, HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode()).as(operation).isEqualTo(status);
        int space = operation.indexOf(' ');
        JsonNode responses = document.get("paths")
                .get(operation.substring(space + 1))
                .get(operation.substring(0, space))
                .get("responses");
        JsonNode response = resolve(responses.get(Integer.toString(status)));
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(response.get("content").propertyNames()).as(operation).contains(type);
        JsonNode schema = response.get("content").get(type).get("schema");
        JsonNode body = Json.read(answer.body(), JsonNode.class);
        isAs(schema, body);
        return body;
    }

    private void isAs(JsonNode described, JsonNode body) {
        ObjectNode schema = ((ObjectNode) described).deepCopy();
        schema.set("components", document.get("components"));
        Schema checked = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        List<com.networknt.schema.Error> wrong = checked.validate(
                body, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        assertThat(wrong).as(body.toString()).isEmpty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }

    private HttpResponse<byte[]> post(String path) throws Exception {
        return app.send(app.request(path).POST(BodyPublishers.noBody()));
    }
}
