package org.nngjava.gifbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nngjava.gifbroker.RunningApp;
import org.nngjava.gifbroker.media.TestMovies;

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
        browser.look(1280, 900, false, false);
    }

    /** Opens the page anew, so that what another test did to it or to the server does not matter. */
    @BeforeEach
    void open() throws Exception {
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
        Path movie = Files.move(TestMovies.movie(movies, "mp4"), movies.resolve("picked.mp4"));

        browser.choose("#files", movie);

        browser.await(card("picked.mp4") + "?.classList.contains('succeeded')");
        browser.await(card("picked.mp4") + ".querySelector('img').naturalWidth === 160");
        assertThat(browser.evaluate(card("picked.mp4") + ".querySelector('[data-do=download]').download")
                        .asString())
                .isEqualTo("picked.gif");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void aMovieThatIsDroppedBecomesAGifWithTheChosenOptions() throws Exception {
        Path movie = Files.move(TestMovies.movie(movies, "webm"), movies.resolve("dropped.webm"));
        browser.evaluate("document.querySelector('[name=width]').value = '90'");

        browser.drop("#drop", movie);

        browser.await(card("dropped.webm") + "?.querySelector('img').naturalWidth === 90");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void whatIsNoMovieIsSaidInWords() throws Exception {
        Path text = Files.writeString(movies.resolve("diary.mp4"), "Dear diary, this is not a movie.");

        browser.choose("#files", text);

        browser.await(card("diary.mp4") + "?.classList.contains('failed')");
        assertThat(browser.evaluate(card("diary.mp4") + ".querySelector('.state').textContent")
                        .asString())
                .contains("text");

        browser.evaluate(card("diary.mp4") + ".querySelector('[data-do=remove]').click()");
        browser.await("!" + card("diary.mp4"));
    }

    @Test
    void afterARestartOfTheServerThePageGoesOn() throws Exception {
        HostPort address = new HostPort("127.0.0.1", app.app().http().getPort());
        Path movie = Files.move(TestMovies.movie(movies, "mkv"), movies.resolve("before.mkv"));
        browser.choose("#files", movie);
        browser.await(card("before.mkv") + "?.classList.contains('succeeded')");

        app.close();
        browser.await("!document.querySelector('#offline').hidden");
        app = RunningApp.start(data.resolve("second"), settings -> settings.http(address));

        browser.await("document.querySelector('#offline').hidden");
        browser.await("!" + card("before.mkv"));
        Path again = Files.move(movie, movies.resolve("after.mkv"));
        browser.choose("#files", again);
        browser.await(card("after.mkv") + "?.classList.contains('succeeded')");
    }

    @Test
    void aBadOptionIsShownWhereItIs() throws Exception {
        Path movie = TestMovies.movie(movies, "avi");
        browser.evaluate("document.querySelector('[name=fps]').value = 'many'");

        browser.choose("#files", movie);

        browser.await("document.activeElement === document.querySelector('[name=fps]')");
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-invalid')")
                        .asString())
                .isEqualTo("true");
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
            browser.choose("#files", Files.move(TestMovies.movie(movies, "mp4"), movies.resolve("guarded.mp4")));
            browser.await(card("guarded.mp4") + "?.querySelector('img').naturalWidth === 160");
            assertThat(browser.evaluate("document.cookie").asString()).isEmpty();
            assertThat(browser.complaints()).isEmpty();

            browser.evaluate("document.querySelector('#logout').click()");
            browser.await("document.querySelector('#login')?.open");
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
