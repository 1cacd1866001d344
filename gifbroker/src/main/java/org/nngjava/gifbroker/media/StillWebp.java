package org.nngjava.gifbroker.media;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first frame of an animated WebP as a WebP of its own (RFC 9649), since ffmpeg reads still ones only. */
final class StillWebp {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    /** Where a frame is, its size, how long it is shown. */
    private static final int FRAME_HEADER = 16;

    private StillWebp() {}

    /**
     * Writes the first frame, without its transparency.
     *
     * @throws IOException if there is none
     */
    static void extract(Path webp, Path still) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(webp.toFile(), "r")) {
            long at = RIFF_HEADER;
            while (at + CHUNK_HEADER <= in.length()) {
                Chunk chunk = Chunk.read(in, at);
                if (chunk.isPicture()) {
                    Files.write(still, chunk.alone(in));
                    return;
                }
                // A frame is made of chunks itself.
                at = chunk.type.equals("ANMF") ? at + CHUNK_HEADER + FRAME_HEADER : at + chunk.length();
            }
        }
        throw new IOException("there is no picture in " + webp);
    }

    /** A piece of the file, which begins there. */
    private record Chunk(String type, long at, long size) {
        static Chunk read(RandomAccessFile in, long at) throws IOException {
            byte[] header = new byte[CHUNK_HEADER];
            in.seek(at);
            in.readFully(header);
            long size = Integer.toUnsignedLong(
                    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
            return new Chunk(new String(header, 0, 4, StandardCharsets.ISO_8859_1), at, size);
        }

        boolean isPicture() {
            return type.equals("VP8 ") || type.equals("VP8L");
        }

        /** With its header, and the byte that makes it even. */
        long length() {
            return CHUNK_HEADER + size + size % 2;
        }

        byte[] alone(RandomAccessFile in) throws IOException {
            if (at + length() > in.length()) {
                throw new IOException("the picture is cut off");
            }
            ByteBuffer file =
                    ByteBuffer.allocate(Math.toIntExact(RIFF_HEADER + length())).order(ByteOrder.LITTLE_ENDIAN);
            file.put("RIFF".getBytes(StandardCharsets.ISO_8859_1));
            file.putInt(Math.toIntExact(length() + 4));
            file.put("WEBP".getBytes(StandardCharsets.ISO_8859_1));
            in.seek(at);
            in.readFully(file.array(), RIFF_HEADER, Math.toIntExact(length()));
            return file.array();
        }
    }
}
