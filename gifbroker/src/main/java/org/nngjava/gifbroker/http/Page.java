package org.nngjava.gifbroker.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * The pages for people, the API's document, and what belongs to them: a few fixed files of the jar, held in memory once somebody has asked
 * for them. Nothing of it comes from elsewhere.
 */
final class Page {
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    private static final String SWAGGER = swaggerVersion();

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    Page() {
        add("/", "index.html", "text/html; charset=utf-8");
        add("/app.css", "app.css", "text/css; charset=utf-8");
        for (String module : List.of("app.js", "live.js", "prepare.js", "words.js")) {
            add("/" + module, module, "text/javascript; charset=utf-8");
        }
        add("/icon.svg", "icon.svg", "image/svg+xml");
        add("/v1/openapi.json", "openapi.json", Json.MEDIA_TYPE);
        add("/docs", "docs.html", "text/html; charset=utf-8");
        add("/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
        addSwagger("swagger-ui.css", "text/css; charset=utf-8");
        addSwagger("swagger-ui-bundle.js", "text/javascript; charset=utf-8");
    }

    /** Where the files are. */
    Set<String> paths() {
        return assets.keySet();
    }

    /** Adds a route for each file. */
    void register(RoutesConfig routes) {
        assets.forEach((path, asset) -> {
            routes.get(path, ctx -> serve(ctx, asset));
            routes.head(path, ctx -> serve(ctx, asset));
        });
    }

    private static void serve(Context ctx, Asset file) {
        Asset asset = file.read();
        ctx.header("ETag", asset.tag);
        ctx.header("Cache-Control", "no-cache");
        ctx.header("Content-Security-Policy", POLICY);
        ctx.contentType(asset.type);
        if (asset.tag.equals(ctx.header("If-None-Match"))) {
            ctx.status(304);
        } else {
            ctx.result(asset.bytes);
        }
    }

    private void add(String path, String name, String type) {
        addResource(path, "/web/" + name, type);
    }

    private void addSwagger(String name, String type) {
        addResource("/docs/" + name, "/META-INF/resources/webjars/swagger-ui/" + SWAGGER + "/" + name, type);
    }

    private void addResource(String path, String resource, String type) {
        assets.put(path, new Asset(resource, type));
    }

    /** The version is part of the path in a WebJar. */
    private static String swaggerVersion() {
        Properties properties = new Properties();
        try (InputStream in = Page.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** A file of the jar, read when it is asked for first. */
    private static final class Asset {
        private final String resource;
        private final String type;
        private byte[] bytes;
        private String tag;

        Asset(String resource, String type) {
            this.resource = resource;
            this.type = type;
        }

        synchronized Asset read() {
            if (bytes == null) {
                try (InputStream in = Page.class.getResourceAsStream(resource)) {
                    bytes = in.readAllBytes();
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                    tag = '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("every Java platform has SHA-256", e);
                }
            }
            return this;
        }
    }
}
