package org.nngjava.gifbroker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovieContainerTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "0000002066747970 69736f6d00000200, MP4",
        "0000001466747970 7174202000000000, MP4",
        "0000000877696465 00112233 6d646174, MP4",
        "1a45dfa3a3428681 0142f78101, MATROSKA",
        "52494646aabbccdd 41564920 4c495354, AVI",
        "474946383961 f000f000, GIF",
        "000001ba44000400, MPEG_PS",
        "000001b314000f, MPEG_VIDEO",
        "4f67675300020000, OGG",
        "464c560105000000, FLV",
        "3026b2758e66cf11a6d9, ASF"
    })
    void aMovieIsKnownByItsFirstBytes(String head, MovieContainer container) {
        assertThat(MovieContainer.detect(HexFormat.of().parseHex(head.replace(" ", ""))))
                .contains(container);
    }

    @Test
    void aTransportStreamIsKnownByItsPackets() {
        byte[] plain = new byte[1024];
        byte[] disc = new byte[1024];
        for (int i = 0; i < 1024; i += 188) {
            plain[i] = 0x47;
        }
        for (int i = 4; i < 1024; i += 192) {
            disc[i] = 0x47;
        }

        assertThat(MovieContainer.detect(plain)).contains(MovieContainer.MPEG_TS);
        assertThat(MovieContainer.detect(disc)).contains(MovieContainer.MPEG_TS);
        assertThat(MovieContainer.detect("G".repeat(1).getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', an empty file",
        "'Dear ffmpeg, please read this', text",
        "'#EXTM3U\n#EXTINF:1\nfile:///etc/passwd', a playlist",
        "'\uFEFF#EXTM3U\n', a playlist",
        "'ffconcat version 1.0\nfile /etc/passwd', a playlist",
        "'<?xml version=\"1.0\"?><MPD><BaseURL>/etc/</BaseURL></MPD>', a playlist",
        "'<svg xmlns=\"http://www.w3.org/2000/svg\"/>', an SVG image",
        "'%PDF-1.7', a PDF document"
    })
    void whatIsTextIsNoMovie(String content, String kind) throws Exception {
        refuses(content.getBytes(StandardCharsets.UTF_8), MediaException.Kind.NOT_A_MOVIE, "This is " + kind + ", not");
    }

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a, a PNG image",
        "ffd8ffe000104a46, a JPEG image",
        "524946461122334457454250, a WebP image",
        "000000206674797061766966 00000000, an image",
        "000000206674797068656963 00000000, an image",
        "504b030414000000, an archive",
        "1f8b0800, an archive",
        "7f454c4602010100, a file of an unknown kind",
        "00000000, a file of an unknown kind"
    })
    void whatIsSomethingElseIsNoMovie(String head, String kind) throws Exception {
        refuses(
                HexFormat.of().parseHex(head.replace(" ", "")),
                MediaException.Kind.NOT_A_MOVIE,
                "This is " + kind + ", not");
    }

    @ParameterizedTest
    @CsvSource({"494433040000", "fffb9064", "fff15080", "664c614300", "524946461122334457415645"})
    void whatIsSoundHasNoPicture(String head) throws Exception {
        refuses(HexFormat.of().parseHex(head), MediaException.Kind.NO_PICTURE, "This file has sound only");
    }

    private void refuses(byte[] content, MediaException.Kind kind, String message) throws Exception {
        Path file = Files.write(directory.resolve("file"), content);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> MovieContainer.of(file))
                .withMessageStartingWith(message)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
