package org.nngjava;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final String URL = "tls+tcp://127.0.0.1:0";
    private static final Certificates CA = new Certificates("the CA");
    private static final Certificates OTHER_CA = new Certificates("another CA");
    private static final Certificates.Identity SERVER = CA.issue("a server", "server.test");
    private static final Certificates.Identity CLIENT = CA.issue("a client");

    private static TlsConfig.Builder server() {
        return TlsConfig.builder().certificate(SERVER.certificate(), SERVER.key());
    }

    private static TlsConfig.Builder client() {
        return TlsConfig.builder().ca(CA.pem()).serverName("server.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, "wss://127.0.0.1:0/"})
    void aServerProvesWhoItIs(String url) throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(url, server().build(), client().build());
            assertThat(ends.client().get(NngOptions.TLS_VERIFIED)).isTrue();
            assertThat(ends.server().get(NngOptions.TLS_VERIFIED)).isFalse();
            ends.talk();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, "wss://127.0.0.1:0/"})
    void aClientProvesWhoItIsWhereThatIsRequired(String url) throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(
                    url,
                    server().ca(CA.pem()).authMode(TlsAuthMode.REQUIRED).build(),
                    client().certificate(CLIENT.certificate(), CLIENT.key()).build());
            assertThat(ends.server().get(NngOptions.TLS_VERIFIED)).isTrue();
            ends.talk();
        }
    }

    @Test
    void aClientMayStayUnknownWhereThatIsOptional() throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(
                    URL, server().ca(CA.pem()).authMode(TlsAuthMode.OPTIONAL).build(), client().build());
            assertThat(ends.server().get(NngOptions.TLS_VERIFIED)).isFalse();
            ends.talk();
        }
    }

    @Test
    void aClientThatAsksForNoProofConnectsToAnybody() throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(
                    URL,
                    server().build(),
                    TlsConfig.builder().authMode(TlsAuthMode.NONE).build());
            ends.talk();
        }
    }

    @Test
    void theHostOfTheUrlIsTheNameThatTheServerMustProve() throws Exception {
        Certificates.Identity local = CA.issue("anything", "localhost");
        try (Ends ends = new Ends()) {
            ends.connect(
                    "tls+tcp://localhost:0",
                    TlsConfig.builder()
                            .certificate(local.certificate(), local.key())
                            .build(),
                    TlsConfig.builder().ca(CA.pem()).build());
            assertThat(ends.client().get(NngOptions.TLS_VERIFIED)).isTrue();
        }
    }

    @Test
    void oneConfigurationServesAllEndpointsInBothRoles() throws Exception {
        TlsConfig both = server().ca(CA.pem())
                .authMode(TlsAuthMode.REQUIRED)
                .serverName("server.test")
                .build();
        try (Ends ends = new Ends()) {
            ends.connect(URL, both, both);
            ends.talk();
        }
        try (Ends ends = new Ends()) {
            ends.connect(URL, both, both);
            ends.talk();
        }
    }

    @Test
    void certificatesAndKeysComeFromFiles(@TempDir Path directory) throws Exception {
        Path ca = Files.writeString(directory.resolve("ca.pem"), CA.pem());
        Path certificate = Files.writeString(directory.resolve("server.pem"), SERVER.certificate());
        Path key = Files.writeString(directory.resolve("server.key"), SERVER.encryptedKey("secret"));
        TlsConfig serverTls =
                TlsConfig.builder().certificate(certificate, key, "secret").build();
        TlsConfig clientTls =
                TlsConfig.builder().ca(ca).serverName("server.test").build();
        Files.delete(key); // it was read
        try (Ends ends = new Ends()) {
            ends.connect(URL, serverTls, clientTls);
            ends.talk();
        }
        assertThatThrownBy(() -> TlsConfig.builder().ca(directory.resolve("missing")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void theSingleOptionsOfTlsDoTheSame(@TempDir Path directory) throws Exception {
        Path ca = Files.writeString(directory.resolve("ca.pem"), CA.pem());
        Path own = Files.writeString(directory.resolve("server.pem"), SERVER.certificate() + SERVER.key());
        Path client = Files.writeString(directory.resolve("client.pem"), CLIENT.certificate() + CLIENT.key());
        try (Ends ends = new Ends()) {
            Listener listener = ends.rep.listener(URL);
            listener.set(NngOptions.TLS_CERT_KEY_FILE, own);
            listener.set(NngOptions.TLS_CA_FILE, ca);
            listener.set(NngOptions.TLS_AUTH_MODE, TlsAuthMode.REQUIRED);
            listener.start();
            Dialer dialer = ends.req.dialer(listener.url());
            dialer.set(NngOptions.TLS_CA_FILE, ca);
            dialer.set(NngOptions.TLS_SERVER_NAME, "server.test");
            dialer.set(NngOptions.TLS_CERT_KEY_FILE, client);
            dialer.start();
            assertThat(ends.server().get(NngOptions.TLS_VERIFIED)).isTrue();
            ends.talk();

            Dialer other = ends.req.dialer(listener.url());
            assertFails(() -> other.set(NngOptions.TLS_CA_FILE, directory.resolve("missing")), NngError.ENOENT);
            assertFails(() -> other.get(NngOptions.TLS_CA_FILE), NngError.EWRITEONLY);
            assertFails(() -> other.get(NngOptions.TLS_AUTH_MODE), NngError.EWRITEONLY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, "wss://127.0.0.1:0/"})
    void aServerOfAnotherAuthorityIsNotBelieved(String url) {
        assertDialFails(
                url,
                server().build(),
                TlsConfig.builder().ca(OTHER_CA.pem()).serverName("server.test").build(),
                NngError.ECRYPTO,
                NngError.EPEERAUTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, "wss://127.0.0.1:0/"})
    void aServerOfAnotherNameIsNotBelieved(String url) {
        assertDialFails(
                url,
                server().build(),
                TlsConfig.builder().ca(CA.pem()).build(), // so the name is 127.0.0.1
                NngError.ECRYPTO,
                NngError.EPEERAUTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, "wss://127.0.0.1:0/"})
    void aClientWithoutACertificateIsTurnedAwayWhereOneIsRequired(String url) {
        // What it hears depends on whether the server's alert or the end of the connection comes first.
        assertDialFails(
                url,
                server().ca(CA.pem()).authMode(TlsAuthMode.REQUIRED).build(),
                client().build(),
                NngError.ECRYPTO,
                NngError.EPEERAUTH,
                NngError.ECONNSHUT,
                NngError.ECONNRESET,
                NngError.ECLOSED);
    }

    @Test
    void aPeerThatSpeaksNoTlsIsTurnedAway() {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            String url = rep.listen("tcp://127.0.0.1:0").url();
            assertThatThrownBy(() -> req.dial("tls+" + url, client().build()))
                    .isInstanceOf(NngException.class)
                    .hasMessageContaining("dial tls+" + url);
        }
    }

    @Test
    void whatIsNotPemIsRefusedWithTheAddressAndThePart() {
        try (RepSocket rep = RepSocket.open()) {
            Listener listener = rep.listener(URL);
            String garbled = SERVER.certificate().replace("MII", "XXX").replace("MI", "XX");
            assertFails(() -> set(listener, TlsConfig.builder().ca("no certificate")), NngError.ECRYPTO)
                    .hasMessageContaining("listener at " + URL)
                    .hasMessageContaining("CA certificates");
            assertFails(() -> set(listener, TlsConfig.builder().certificate(garbled, SERVER.key())), NngError.ECRYPTO)
                    .hasMessageContaining("own certificate");
            assertFails(
                    () -> set(listener, TlsConfig.builder().certificate(SERVER.certificate(), "no key")),
                    NngError.ECRYPTO);
            assertFails(
                    () -> set(
                            listener,
                            TlsConfig.builder()
                                    .certificate(SERVER.certificate(), SERVER.encryptedKey("secret"), "wrong")),
                    NngError.ECRYPTO);
            assertThatThrownBy(() -> TlsConfig.builder().ca("a\0b")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void versionsOfTlsAreLimited() throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(
                    URL,
                    server().versions(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).build(),
                    client().versions(TlsVersion.TLS_1_2, TlsVersion.TLS_1_2).build());
            ends.talk();
        }
        assertThatThrownBy(() -> TlsConfig.builder().versions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConfigurationTellsWhatPeersHaveToProve() {
        assertThat(TlsConfig.builder().build().authMode()).isEmpty();
        assertThat(TlsConfig.builder().authMode(TlsAuthMode.REQUIRED).build().authMode())
                .contains(TlsAuthMode.REQUIRED);
    }

    @Test
    void whatTheLibraryIsTooOldForNamesTheVersionThatItNeeds() throws Exception {
        try (Ends ends = new Ends()) {
            ends.connect(
                    URL,
                    server().ca(CA.pem()).authMode(TlsAuthMode.REQUIRED).build(),
                    client().certificate(CLIENT.certificate(), CLIENT.key()).build());
            Pipe pipe = ends.server();
            if (Nng.isBefore(6)) {
                assertThatThrownBy(() -> pipe.get(NngOptions.TLS_PEER_CN))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("get tls-peer-cn of " + pipe)
                        .hasMessageContaining("needs NNG 1.6")
                        .hasMessageContaining(Nng.version());
                assertThatThrownBy(() -> pipe.get(NngOptions.TLS_PEER_ALT_NAMES))
                        .isInstanceOf(UnsupportedOperationException.class);
            } else {
                assertThat(pipe.get(NngOptions.TLS_PEER_CN)).isEqualTo("a client");
                assertThat(ends.client().get(NngOptions.TLS_PEER_ALT_NAMES)).containsExactly("server.test");
            }
            if (Nng.isBefore(9)) {
                Dialer dialer = ends.req.dialer(URL.replace(":0", ":1"));
                TlsConfig tls13 = client().versions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_3)
                        .build();
                assertThatThrownBy(() -> dialer.set(NngOptions.TLS_CONFIG, tls13))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("needs NNG 1.9");
            }
        }
    }

    @Test
    void aConfigurationIsForDialersAndListenersOfTlsBeforeTheyStart() {
        TlsConfig tls = server().build();
        try (RepSocket rep = RepSocket.open()) {
            assertFails(() -> rep.listen("tcp://127.0.0.1:0", tls), NngError.ENOTSUP);
            assertFails(() -> rep.set(NngOptions.TLS_CONFIG, tls), NngError.ENOTSUP);
            Listener listener = rep.listen(URL, tls);
            assertFails(() -> listener.set(NngOptions.TLS_CONFIG, tls), NngError.ESTATE);
            assertFails(() -> listener.get(NngOptions.TLS_CONFIG), NngError.EWRITEONLY);
        }
    }

    @Test
    void aConfigurationShowsNoSecrets() {
        assertThat(client().certificate(CLIENT.certificate(), CLIENT.key(), "secret")
                        .authMode(TlsAuthMode.REQUIRED)
                        .versions(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                        .build())
                .hasToString("TlsConfig[ca, certificate, server name server.test, peer REQUIRED, TLS_1_2 to TLS_1_3]");
    }

    @Test
    void theLibrarySaysWhatEncrypts() {
        assertThat(Nng.tlsEngine()).hasValueSatisfying(engine -> {
            assertThat(engine.name()).isNotBlank();
            assertThat(engine.description()).isNotBlank();
        });
    }

    private static void set(Listener listener, TlsConfig.Builder tls) {
        listener.set(NngOptions.TLS_CONFIG, tls.build());
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertFails(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, NngError... errors) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NngException.class, e -> assertThat(e.error()).isIn((Object[]) errors));
    }

    private static void assertDialFails(String url, TlsConfig server, TlsConfig client, NngError... errors) {
        try (RepSocket rep = RepSocket.open();
                ReqSocket req = ReqSocket.open()) {
            String bound = rep.listen(url, server).url();
            assertFails(() -> req.dial(bound, client), errors).hasMessageContaining("dial " + bound);
        }
    }

    /** A server and a client, and their pipes. */
    private static final class Ends implements AutoCloseable {
        final RepSocket rep = RepSocket.open();
        final ReqSocket req = ReqSocket.open();
        private final BlockingQueue<Pipe> servers = new LinkedBlockingQueue<>();
        private final BlockingQueue<Pipe> clients = new LinkedBlockingQueue<>();

        Ends() {
            rep.onPipe((event, pipe) -> servers.add(pipe));
            req.onPipe((event, pipe) -> clients.add(pipe));
        }

        void connect(String url, TlsConfig server, TlsConfig client) {
            req.dial(rep.listen(url, server).url(), client);
        }

        Pipe server() throws InterruptedException {
            return servers.poll(10, TimeUnit.SECONDS);
        }

        Pipe client() throws InterruptedException {
            return clients.poll(10, TimeUnit.SECONDS);
        }

        void talk() throws Exception {
            var reply = req.requestAsync(Message.of("hidden".getBytes(UTF_8)));
            try (Request request = rep.receiveRequest(java.time.Duration.ofSeconds(10))) {
                assertThat(request.message().toByteArray()).asString(UTF_8).isEqualTo("hidden");
                request.reply(new byte[] {1});
            }
            reply.get(10, TimeUnit.SECONDS).close();
        }

        @Override
        public void close() {
            req.close();
            rep.close();
        }
    }
}
