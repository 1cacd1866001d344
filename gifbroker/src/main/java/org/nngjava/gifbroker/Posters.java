package org.nngjava.gifbroker;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.nngjava.gifbroker.media.Ffmpeg;
import org.nngjava.gifbroker.media.MediaException;
import org.nngjava.gifbroker.media.MediaLimits;
import org.nngjava.gifbroker.media.OutputFormat;
import org.nngjava.gifbroker.media.PosterMaker;
import org.nngjava.workers.Blob;
import org.nngjava.workers.BlobStore;

/**
 * The first picture of each GIF, in files beside the GIFs. They follow from the GIFs: one that is missing is made again. GIFs that are the same
 * share one. Safe for any thread; one is made at a time.
 */
public final class Posters implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Posters.class.getName());
    private static final String ENDING = ".jpg";

    private final Path directory;
    private final FfmpegSource source;
    private final MediaLimits limits;
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "posters");
        thread.setDaemon(true);
        return thread;
    });
    private PosterMaker maker;

    /** Finds an ffmpeg. */
    interface FfmpegSource {
        Ffmpeg locate() throws IOException;
    }

    /**
     * @param directory for them alone; made if it is missing
     * @param source asked when the first poster is made
     * @param limits for each run of ffmpeg
     */
    Posters(Path directory, FfmpegSource source, MediaLimits limits) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.source = source;
        this.limits = limits;
    }

    /** The poster of a GIF, if it is there. */
    public Optional<Path> find(Blob gif) {
        return Optional.of(file(gif)).filter(Files::exists);
    }

    /**
     * Makes the poster of a GIF, unless it is there.
     *
     * @param gifs where the GIF is
     * @throws java.nio.file.NoSuchFileException if the GIF is gone
     * @throws IOException if it cannot be stored, or this machine has no ffmpeg
     * @throws MediaException if there is no picture
     * @throws InterruptedException if the caller is interrupted
     */
    public synchronized Path make(Blob gif, BlobStore gifs) throws IOException, MediaException, InterruptedException {
        Path poster = file(gif);
        if (Files.exists(poster)) {
            return poster;
        }
        Path copy = Files.createTempFile(directory, "gif-", "");
        try {
            try (InputStream in = gifs.open(gif.id())) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            maker().make(copy, OutputFormat.ofMediaType(gif.contentType()), poster);
        } finally {
            Files.deleteIfExists(copy);
        }
        return poster;
    }

    /** Like {@link #make}, without waiting. The future fails with what that throws. */
    public CompletableFuture<Path> makeSoon(Blob gif, BlobStore gifs) {
        CompletableFuture<Path> made = new CompletableFuture<>();
        background.execute(() -> {
            try {
                made.complete(make(gif, gifs));
            } catch (IOException | MediaException | InterruptedException | RuntimeException e) {
                made.completeExceptionally(e);
            }
        });
        return made;
    }

    /** Removes the poster of a GIF that is deleted, soon. */
    void forget(Blob gif) {
        background.execute(() -> remove(file(gif)));
    }

    /** Removes all but those of these GIFs: what a process left that was killed. */
    public synchronized void retain(Set<String> digests) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> !digests.contains(file.getFileName().toString().replace(ENDING, "")))
                    .filter(Files::isRegularFile)
                    .forEach(Posters::remove);
        }
    }

    @Override
    public void close() {
        background.shutdown();
    }

    private PosterMaker maker() throws IOException {
        if (maker == null) {
            maker = new PosterMaker(source.locate(), limits);
        }
        return maker;
    }

    private Path file(Blob gif) {
        return directory.resolve(gif.sha256() + ENDING);
    }

    private static void remove(Path poster) {
        try {
            Files.deleteIfExists(poster);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "A poster could not be removed", e);
        }
    }
}
