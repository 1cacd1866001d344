package org.nngjava.gifbroker.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, driven by the DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final String session;

    private Browser(Process process, Path profile, URI devTools) throws Exception {
        this.process = process;
        this.profile = profile;
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, new Listener())
                .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        String target = call(null, "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        session = call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        call("Page.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("DOM.enable", Map.of());
    }

    /** The Chromium of this machine, if it has one. */
    static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(directory -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one with a profile of its own. */
    static Browser start(Path program) throws Exception {
        Path profile = Files.createTempDirectory("gifbroker-browser-");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("log").toFile())
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        long until = System.nanoTime() + ANSWER.toNanos();
        while (!Files.exists(portFile) || Files.readAllLines(portFile).size() < 2) {
            if (System.nanoTime() > until || !process.isAlive()) {
                process.destroyForcibly();
                throw new IOException("the browser does not start: " + Files.readString(profile.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        List<String> lines = Files.readAllLines(portFile);
        return new Browser(process, profile, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
    }

    /** Sets the size of the window and light or dark. */
    void look(int width, int height, boolean mobile, boolean dark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", mobile ? 2 : 1, "mobile", mobile));
        call("Emulation.setTouchEmulationEnabled", Map.of("enabled", mobile));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Takes any certificate. */
    void trustAnybody() throws Exception {
        call("Security.setIgnoreCertificateErrors", Map.of("ignore", true));
    }

    void open(URI page) throws Exception {
        call("Page.navigate", Map.of("url", page.toString()));
        await("document.readyState === 'complete' && location.href.startsWith('" + page + "')");
    }

    /** The value of an expression. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(answer.get("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        long until = System.nanoTime() + ANSWER.toNanos();
        while (!isTrue(expression)) {
            if (System.nanoTime() > until) {
                throw new IOException("never true: " + expression + "\n"
                        + evaluate("document.body.innerText").asString());
            }
            TimeUnit.MILLISECONDS.sleep(30);
        }
    }

    private boolean isTrue(String expression) throws Exception {
        try {
            return evaluate("Boolean(" + expression + ")").asBoolean();
        } catch (IOException e) {
            if (e.getMessage().contains("Inspected target navigated")) {
                return false; // the page is on its way to another
            }
            throw e;
        }
    }

    /** Picks files in a file input. */
    void choose(String selector, Path... files) throws Exception {
        int root = call("DOM.getDocument", Map.of()).get("root").get("nodeId").asInt();
        int node = call("DOM.querySelector", Map.of("nodeId", root, "selector", selector))
                .get("nodeId")
                .asInt();
        List<String> paths =
                Stream.of(files).map(file -> file.toAbsolutePath().toString()).toList();
        call("DOM.setFileInputFiles", Map.of("nodeId", node, "files", paths));
    }

    /** Drags files onto the middle of an element and lets them go. */
    void drop(String selector, Path... files) throws Exception {
        JsonNode middle = evaluate("(() => { const r = document.querySelector('" + selector
                + "').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()");
        List<String> paths =
                Stream.of(files).map(file -> file.toAbsolutePath().toString()).toList();
        Map<String, Object> data = Map.of("items", List.of(), "files", paths, "dragOperationsMask", 1);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            call(
                    "Input.dispatchDragEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            middle.get(0).asDouble(),
                            "y",
                            middle.get(1).asDouble(),
                            "data",
                            data));
        }
    }

    /** Presses a key on whatever has the focus. */
    void press(String key, String code, int virtualKey, String text) throws Exception {
        Map<String, Object> down = new LinkedHashMap<>(
                Map.of("type", "keyDown", "key", key, "code", code, "windowsVirtualKeyCode", virtualKey));
        if (text != null) {
            down.put("text", text);
        }
        call("Input.dispatchKeyEvent", down);
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyUp", "key", key, "code", code, "windowsVirtualKeyCode", virtualKey));
    }

    /** What a person sees, as a PNG. */
    byte[] screenshot() throws Exception {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of("format", "png"))
                        .get("data")
                        .asString());
    }

    /** Errors and warnings that the page left on the console. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    void forgetComplaints() {
        complaints.clear();
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        TemporaryFiles.deleteTree(profile);
    }

    private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
        return call(session, method, parameters);
    }

    private JsonNode call(String in, String method, Map<String, Object> parameters) throws Exception {
        int number = numbers.incrementAndGet();
        Map<String, Object> message = new LinkedHashMap<>(Map.of("id", number, "method", method, "params", parameters));
        if (in != null) {
            message.put("sessionId", in);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(number, answer);
        socket.sendText(JSON.writeValueAsString(message), true).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        JsonNode node = answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        if (node.has("error")) {
            throw new IOException(method + ": " + node.get("error"));
        }
        return node.get("result");
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.get("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asString()) {
            case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
            case "Runtime.consoleAPICalled" ->
                complaints.add(parameters.path("args").toString());
            case "Log.entryAdded" -> complaints.add(parameters.path("entry").toString());
            default -> {
                // Of no interest here.
            }
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                hear(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
