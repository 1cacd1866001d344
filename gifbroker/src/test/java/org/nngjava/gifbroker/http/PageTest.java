package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nngjava.gifbroker.AnimatedGif;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;
import tools.jackson.databind.JsonNode;

/** The page as a person uses it, in Chromium if this machine has one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
    private Path data;
    private Path movies;
    private RunningApp app;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path dataDirectory, @TempDir Path moviesDirectory) throws Exception {
        assumeTrue(Browser.find().isPresent(), "NOT RUN: no Chromium found");
        data = dataDirectory;
        movies = moviesDirectory;
        app = RunningApp.start(data.resolve("first"), settings -> {});
        browser = Browser.start(Browser.find().orElseThrow());
    }

    /** Opens the page anew, so that what another test did to it or to the server does not matter. */
    @BeforeEach
    void open() throws Exception {
        browser.look(1280, 900, false, false);
        browser.open(app.uri("/"));
        browser.await("document.querySelector('#health').classList.contains('good')");
        browser.forgetComplaints();
    }

    @AfterAll
    void stop() throws Exception {
        if (app != null) {
            browser.close();
            app.close();
        }
    }

    @Test
    void aMovieThatIsPickedBecomesAGifToDownload() throws Exception {
        browser.choose("#files", movie("picked.mp4"));
        browser.await("document.querySelector('#prepare-title').textContent === 'picked.mp4'");
        browser.evaluate("document.querySelector('#make').click()");

        browser.await(card("picked.mp4") + "?.classList.contains('succeeded')");
        browser.await(card("picked.mp4") + ".querySelector('img').naturalWidth === 160");
        assertThat(text(card("picked.mp4") + ".querySelector('[data-do=download]').download"))
                .isEqualTo("picked.gif");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void severalMoviesAreDroppedAndEachGetsItsOwnPart() throws Exception {
        browser.drop("#drop", movie("one.webm"), movie("two.webm"));
        browser.await("document.querySelectorAll('#movies button').length === 2");
        browser.await("document.querySelector('#form').classList.contains('playable')");
        browser.evaluate("""
                (() => {
                  const type = (name, text) => {
                    const field = document.querySelector(`[name=${name}]`);
                    field.value = text;
                    field.dispatchEvent(new Event("input", { bubbles: true }));
                  };
                  type("width", "90");
                  type("duration", "0.4");
                  document.querySelectorAll("#movies button")[1].click();
                  type("duration", "0.8");
                })()
                """);
        browser.evaluate("document.querySelector('#make').click()");

        for (String name : List.of("one.webm", "two.webm")) {
            browser.await(card(name) + "?.querySelector('img').naturalWidth === 90");
        }
        assertThat(gif("one.webm").hundredths()).isEqualTo(40);
        assertThat(gif("two.webm").hundredths()).isEqualTo(80);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aPartIsChosenByHandleAndKeyboardWhileTheMoviePlays() throws Exception {
        browser.choose("#files", movie("trimmed.webm"));
        browser.await("document.querySelector('#form').classList.contains('playable')");

        browser.evaluate("document.querySelector('#to').focus()");
        browser.press("Home", "Home", 36, null);

        browser.await("document.querySelector('[name=duration]').value === '0.1'");
        browser.await("document.querySelector('#estimate').textContent.startsWith('0.1 s')");
        browser.await("document.querySelector('#screen').currentTime <= 0.2");
        browser.press("Escape", "Escape", 27, null);
        browser.await("!document.querySelector('#prepare').open");
        assertThat(text("String(" + card("trimmed.webm") + ")")).isEqualTo("undefined");
    }

    @Test
    void progressIsSeenAndAMovieThatRunsIsCancelled() throws Exception {
        browser.choose("#files", Files.move(TestMovies.movie(movies, "mp4", 30), movies.resolve("long.mp4")));
        browser.evaluate("document.querySelector('[name=width]').value = '320'");
        browser.evaluate("document.querySelector('[name=fps]').value = '25'");
        browser.evaluate("document.querySelector('#make').click()");

        browser.await(card("long.mp4") + "?.classList.contains('running')");
        browser.await(card("long.mp4") + ".querySelector('progress').value > 0");
        browser.evaluate(card("long.mp4") + ".querySelector('[data-do=cancel]').click()");

        browser.await(card("long.mp4") + ".classList.contains('cancelled')");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void whatIsNoMovieIsSaidInWordsAndCanBeRemoved() throws Exception {
        browser.choose("#files", Files.writeString(movies.resolve("diary.mp4"), "Dear diary, this is not a movie."));
        browser.await("document.querySelector('#form').classList.contains('unplayable')");
        browser.evaluate("document.querySelector('#make').click()");

        browser.await(card("diary.mp4") + "?.classList.contains('failed')");
        assertThat(text(card("diary.mp4") + ".querySelector('.state').textContent"))
                .contains("text");

        browser.evaluate(card("diary.mp4") + ".querySelector('[data-do=remove]').click()");
        browser.await("!" + card("diary.mp4"));
    }

    @Test
    void furtherOptionsAreUnfoldedByKeyboardAndSayWhatComesOut() throws Exception {
        browser.choose("#files", movie("further.webm"));
        browser.await("document.querySelector('#form').classList.contains('playable')");
        browser.evaluate("document.querySelector('#further summary').focus()");
        browser.press("Enter", "Enter", 13, "\r");
        browser.await("document.querySelector('#further').open");

        set("quality", "small");
        set("height", "60");
        set("crop", "120:120");
        set("speed", "2");
        set("loop", "3");
        set("caption", "Look!");
        browser.evaluate("document.querySelector('[name=reverse]').click()");

        browser.await(
                "document.querySelector('#estimate').textContent === '1.0 s \u00b7 60 \u00d7 60 \u00b7 10 frames'");
        assertThat(text("document.querySelector('#chosen').textContent"))
                .isEqualTo("quality, height, speed, loop, reverse, crop, caption");
        browser.evaluate("document.querySelector('#make').click()");
        browser.await(card("further.webm") + "?.querySelector('img').naturalWidth === 60");
        assertThat(gif("further.webm")).isEqualTo(new AnimatedGif(60, 60, 10, 100));
        assertThat(app.get(link("further.webm").replace("/gifs/", "/jobs/")).body())
                .asString()
                .contains("\"caption\":\"Look!\"", "\"loop\":\"3\"", "\"reverse\":\"true\"");
        assertThat(complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"webp, WebP, img, naturalWidth", "mp4, MP4, video, videoWidth"})
    void otherFormatsAreShownAndDownloadedToo(String format, String name, String element, String width)
            throws Exception {
        browser.choose("#files", movie("to-" + format + ".webm"));
        set("format", format);
        browser.await("document.querySelector('#make').textContent === 'Make the " + name + "'");
        assertThat(browser.evaluate("document.querySelector('[name=loop]').disabled")
                        .asBoolean())
                .isEqualTo(format.equals("mp4"));
        browser.evaluate("document.querySelector('#make').click()");

        String card = card("to-" + format + ".webm");
        browser.await(card + "?.classList.contains('succeeded')");
        browser.await(card + ".querySelector('" + element + ":not([hidden])')." + width + " === 160");
        browser.await(card + ".querySelector('.state').textContent.startsWith('160 ')");
        assertThat(text(card + ".querySelector('[data-do=download]').download"))
                .isEqualTo("to-" + format + "." + format);
        assertThat(violations()).isEmpty();
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aBadOptionThatIsFoldedAwayIsUnfolded() throws Exception {
        browser.choose("#files", movie("folded.avi"));
        set("crop", "half");
        browser.evaluate("document.querySelector('#make').click()");

        browser.await("document.activeElement === document.querySelector('#further[open] [name=crop]')");
        assertThat(text("document.querySelector('#complaint').textContent")).startsWith("crop:");
    }

    @Test
    void aBadOptionIsShownWhereItIsAndCanBeMended() throws Exception {
        browser.choose("#files", movie("mended.avi"));
        browser.evaluate("document.querySelector('[name=fps]').value = 'many'");
        browser.evaluate("document.querySelector('#make').click()");

        browser.await("document.activeElement === document.querySelector('[name=fps]')");
        browser.await("document.activeElement.getAttribute('aria-invalid') === 'true'");
        assertThat(text("document.querySelector('#complaint').textContent")).startsWith("fps:");

        browser.evaluate("document.activeElement.value = '10'");
        browser.press("Enter", "Enter", 13, "\r");
        browser.await(card("mended.avi") + "?.classList.contains('succeeded')");
    }

    @Test
    void theGalleryGrowsByPagesAndForgetsWhatIsDeleted() throws Exception {
        List<String> ids = new ArrayList<>();
        Path movie = TestMovies.movie(movies, "mp4", 0.2);
        app.finished(app.submit(movie).id());
        for (int i = 0; i < 30; i++) {
            ids.add(app.submit(movie).id());
        }
        app.finished(ids.get(29));

        open();
        browser.await("document.querySelectorAll('.card').length === 24");
        browser.evaluate("document.querySelector('#older').click()");
        browser.await("document.querySelectorAll('.card').length >= 30");

        int before =
                browser.evaluate("document.querySelectorAll('.card').length").asInt();
        browser.evaluate("document.querySelector('.card [data-do=remove]').click()");
        browser.await("document.querySelectorAll('.card').length === " + (before - 1));
        assertThat(app.get("/v1/jobs/" + ids.get(29)).statusCode()).isEqualTo(404);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void thePageStaysSmallHoweverManyJobsComeBy() throws Exception {
        Path movie = TestMovies.movie(movies, "mp4", 0.2);
        String last = app.finished(app.submit(movie).id()).id();
        for (int i = 0; i < 60; i++) {
            last = app.submit(movie).id();
        }

        browser.await("document.querySelector('.card img')?.src.endsWith('" + last + "')");
        assertThat(browser.evaluate("document.querySelectorAll('.card').length").asInt())
                .isEqualTo(24);
        assertThat(complaints()).isEmpty();
    }

    @Test
    void theLiveViewShowsWorkersAndGivesThemOrders() throws Exception {
        browser.evaluate("location.hash = '#live'");
        String worker = "[...document.querySelectorAll('#workers tr')].find(r => r.cells[0].textContent === 'local-1')";
        browser.await(worker + "?.className === 'idle'");
        browser.await("document.querySelector('#live-running strong').textContent === '0 of 2'");

        browser.evaluate(worker + ".querySelector('[data-order=quiet]').click()");
        browser.await(worker + ".className === 'quiet'");
        browser.evaluate(worker + ".querySelector('[data-order=resume]').click()");
        browser.await(worker + ".className === 'idle'");

        String made = text("document.querySelector('#live-pace small').textContent");
        app.finished(app.submit(movie("watched.mp4")).id());
        browser.await("document.querySelector('#live-pace small').textContent !== '" + made + "'");
        browser.await("document.querySelector('#live-queued .line').getAttribute('d').split('L').length > 2");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void afterARestartOfTheServerThePageGoesOn() throws Exception {
        HostPort address = new HostPort("127.0.0.1", app.app().http().getPort());
        make(movie("before.mkv"));
        browser.await(card("before.mkv") + "?.classList.contains('succeeded')");

        app.close();
        browser.await("!document.querySelector('#offline').hidden");
        app = RunningApp.start(data.resolve("second"), settings -> settings.http(address));

        browser.await("document.querySelector('#offline').hidden");
        browser.await("!" + card("before.mkv"));
        make(movie("after.mkv"));
        browser.await(card("after.mkv") + "?.classList.contains('succeeded')");
    }

    @ParameterizedTest
    @CsvSource({"1280, 900, false, false", "390, 844, true, true"})
    void everybodyCanUseThePage(int width, int height, boolean mobile, boolean dark) throws Exception {
        browser.look(width, height, mobile, dark);
        make(movie("seen.mp4"));
        browser.choose("#files", Files.writeString(movies.resolve("bad.mp4"), "no movie"));
        browser.evaluate("document.querySelector('#make').click()");
        browser.await(card("seen.mp4") + "?.classList.contains('succeeded')");
        browser.await(card("bad.mp4") + "?.classList.contains('failed')");
        assertThat(violations()).isEmpty();

        browser.choose("#files", movie("next.webm"), movies.resolve("bad.mp4"));
        browser.await("document.querySelector('#form').classList.contains('playable')");
        browser.evaluate("document.querySelector('#further').open = true");
        assertThat(violations()).isEmpty();
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('#form label')].filter("
                                        + "label => label.getBoundingClientRect().right > make.getBoundingClientRect().right + 1).length")
                        .asInt())
                .as("no option reaches beyond the others")
                .isZero();
        browser.evaluate("document.querySelector('#forget').click()");

        browser.evaluate("location.hash = '#live'");
        browser.await("document.querySelectorAll('#workers tr').length === 2");
        assertThat(violations()).isEmpty();
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("nothing is cut off at the side")
                .isLessThanOrEqualTo(width);
    }

    /** What axe finds wrong with the page as it is. */
    private List<String> violations() throws Exception {
        try (InputStream axe = PageTest.class.getResourceAsStream("/axe.min.js")) {
            browser.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; undefined");
        }
        // Colours are judged when nothing moves any more.
        browser.await(
                "document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().iterations === Infinity)");
        JsonNode found = browser.evaluate("axe.run().then(r => r.violations.map("
                + "v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; ')))");
        return found.valueStream().map(JsonNode::asString).toList();
    }

    private void make(Path movie) throws Exception {
        browser.choose("#files", movie);
        browser.evaluate("document.querySelector('#make').click()");
    }

    /** A movie of two seconds under this name. */
    private Path movie(String name) throws Exception {
        String type = name.substring(name.lastIndexOf('.') + 1);
        return Files.move(TestMovies.movie(movies, type), movies.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private AnimatedGif gif(String name) throws Exception {
        return AnimatedGif.read(app.get(link(name)).body());
    }

    private String link(String name) throws Exception {
        return URI.create(text(card(name) + ".querySelector('[data-do=download]').href"))
                .getPath();
    }

    /** As if a person had chosen or typed it. */
    private void set(String option, String value) throws Exception {
        browser.evaluate("(() => { const field = document.querySelector('[name=" + option + "]'); field.value = '"
                + value + "'; field.dispatchEvent(new Event('input', { bubbles: true })); })()");
    }

    private String text(String expression) throws Exception {
        return browser.evaluate(expression).asString();
    }

    @Test
    void theApisDocumentIsShownAndEachRequestCanBeTried() throws Exception {
        browser.open(app.uri("/docs"));

        browser.await("document.querySelectorAll('.opblock').length > 15");
        browser.evaluate("document.querySelector('#operations-Operations-getHealth .opblock-summary-control').click()");
        browser.await("document.querySelector('#operations-Operations-getHealth .try-out__btn')");
        browser.evaluate("document.querySelector('#operations-Operations-getHealth .try-out__btn').click()");
        browser.await("document.querySelector('#operations-Operations-getHealth .execute')");
        browser.evaluate("document.querySelector('#operations-Operations-getHealth .execute').click()");
        browser.await("document.querySelector('#operations-Operations-getHealth .live-responses-table')"
                + "?.innerText.includes('accepting')");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void whereATokenIsAskedForAPersonLogsInAndOut() throws Exception {
        try (RunningApp guarded = RunningApp.start(
                data.resolve("guarded"), settings -> settings.token(new Secret("correct-horse-battery")))) {
            browser.open(guarded.uri("/"));
            browser.await("document.querySelector('#login')?.open");

            logIn("another-horse-battery");
            browser.await("document.querySelector('.refused').textContent.includes('not the token')");
            browser.forgetComplaints();
            logIn("correct-horse-battery");
            browser.await(
                    "document.querySelector('#login')?.open === false && !document.querySelector('#logout').hidden");
            make(movie("guarded.mp4"));
            browser.await(card("guarded.mp4") + "?.querySelector('img').naturalWidth === 160");
            browser.evaluate("location.hash = '#live'");
            browser.await("document.querySelectorAll('#workers tr').length === 2");
            assertThat(browser.evaluate("document.cookie").asString()).isEmpty();
            assertThat(browser.complaints()).isEmpty();

            browser.evaluate("document.querySelector('#logout').click()");
            browser.await("document.querySelector('#login')?.open");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void thePageWorksBehindAProxyThatSpeaksTls() throws Exception {
        try (TlsProxy proxy = TlsProxy.open();
                RunningApp hidden = RunningApp.start(
                        data.resolve("hidden"),
                        settings -> settings.publicUrl(PublicUrl.parse(proxy.url()))
                                .token(new Secret("correct-horse-battery")))) {
            proxy.leadTo(hidden.app().http().getPort());
            browser.trustAnybody();
            browser.open(URI.create(proxy.url() + "/"));
            browser.await("document.querySelector('#login')?.open");
            logIn("correct-horse-battery");
            browser.await("document.querySelector('#logout')?.hidden === false");
            browser.forgetComplaints();

            make(movie("hidden.mp4"));
            browser.await(card("hidden.mp4") + "?.querySelector('img').naturalWidth === 160");
            browser.evaluate("location.hash = '#live'");
            browser.await("document.querySelectorAll('#workers tr').length === 2");
            assertThat(text("document.querySelector('#curl').textContent")).contains(proxy.url() + "/v1/gifs");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void logIn(String token) throws Exception {
        browser.evaluate("document.querySelector('#login [name=token]').value = '" + token + "'");
        browser.evaluate("document.querySelector('#login .primary').click()");
    }

    /** All but those about answers that tests ask for. */
    private List<String> complaints() {
        return browser.complaints().stream()
                .filter(complaint -> !complaint.contains("status of 40"))
                .filter(complaint -> !complaint.contains("net::ERR"))
                .toList();
    }

    private static String card(String name) {
        return "[...document.querySelectorAll('.card')].find(c => c.querySelector('.name').textContent === '" + name
                + "')";
    }
}
