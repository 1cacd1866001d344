package org.nngjava;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/** {@code nng_sockaddr}: to and from Java's addresses. */
final class NativeAddress {
    /** The size of {@code nng_sockaddr}, which never changes. */
    static final int SIZE = 136;

    // nng_sockaddr_family
    private static final int INPROC = 1;
    private static final int IPC = 2;
    private static final int INET = 3;
    private static final int INET6 = 4;
    private static final int ABSTRACT = 6;

    // Where things are, after the family: a string, or a port and an address, or a length and a name.
    private static final int STRING = 2;
    private static final int STRING_LENGTH = 128;
    private static final int PORT = 2;
    private static final int ADDRESS = 4;
    private static final int SCOPE = 20;
    private static final int NAME_LENGTH = 2;
    private static final int NAME = 4;
    private static final int MAX_NAME = 107;

    private NativeAddress() {}

    static SocketAddress parse(byte[] raw) {
        ByteBuffer fields = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        int family = fields.getShort(0);
        return switch (family) {
            // A name of inproc is its whole URL.
            case INPROC -> new NngAddress(string(raw));
            case IPC -> ipc(string(raw));
            case INET -> inet(Arrays.copyOfRange(raw, ADDRESS, ADDRESS + 4), 0, port(raw));
            case INET6 -> inet(Arrays.copyOfRange(raw, ADDRESS, ADDRESS + 16), fields.getInt(SCOPE), port(raw));
            case ABSTRACT ->
                new NngAddress("abstract://" + percentEncoded(raw, Math.min(fields.getShort(NAME_LENGTH), MAX_NAME)));
            default -> new NngAddress("");
        };
    }

    /** For addresses of tcp, the only ones that NNG takes; empty for others. */
    static byte[] format(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return new byte[0];
        }
        byte[] raw = new byte[SIZE];
        ByteBuffer fields = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        fields.putShort(0, (short) (inet.getAddress() instanceof Inet4Address ? INET : INET6));
        if (inet.getAddress() instanceof Inet6Address six) {
            fields.putInt(SCOPE, six.getScopeId());
        }
        fields.put(ADDRESS, inet.getAddress().getAddress());
        fields.order(ByteOrder.BIG_ENDIAN).putShort(PORT, (short) inet.getPort());
        return raw;
    }

    /** The address as a URL. A scheme is needed for those that are an IP address and a port. */
    static String url(SocketAddress address, String scheme) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getAddress() instanceof Inet6Address six
                    ? "[" + shortened(six) + "]"
                    : inet.getAddress().getHostAddress();
            return scheme + "://" + host + ":" + inet.getPort();
        }
        return address instanceof UnixDomainSocketAddress ipc ? "ipc://" + ipc.getPath() : address.toString();
    }

    /** As RFC 5952 wants it: the longest run of zeros, the first of those, is left out. */
    private static String shortened(Inet6Address address) {
        String[] textAndScope = address.getHostAddress().split("%", 2);
        String text = textAndScope[0];
        for (int length = 8; length >= 2; length--) {
            String zeros = "0" + ":0".repeat(length - 1);
            int at = (":" + text + ":").indexOf(":" + zeros + ":");
            if (at >= 0) {
                String before = text.substring(0, Math.max(0, at - 1));
                String after = text.substring(Math.min(text.length(), at + zeros.length() + 1));
                text = before + "::" + after;
                break;
            }
        }
        return textAndScope.length == 1 ? text : text + "%" + textAndScope[1];
    }

    private static SocketAddress ipc(String path) {
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (InvalidPathException e) { // not in the encoding of this JVM's file names
            return new NngAddress("ipc://" + path);
        }
    }

    private static SocketAddress inet(byte[] address, int scope, int port) {
        try {
            return new InetSocketAddress(
                    address.length == 4
                            ? InetAddress.getByAddress(address)
                            : Inet6Address.getByAddress(null, address, scope == 0 ? -1 : scope),
                    port);
        } catch (UnknownHostException e) { // only for addresses of other lengths
            throw new AssertionError(e);
        }
    }

    private static int port(byte[] raw) {
        return ByteBuffer.wrap(raw).getShort(PORT) & 0xffff;
    }

    private static String string(byte[] raw) {
        int end = STRING;
        while (end < STRING + STRING_LENGTH && raw[end] != 0) {
            end++;
        }
        return new String(raw, STRING, end - STRING, StandardCharsets.UTF_8);
    }

    private static String percentEncoded(byte[] raw, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = NAME; i < NAME + length; i++) {
            char c = (char) (raw[i] & 0xff);
            if (c > ' ' && c < 0x7f && c != '%') {
                text.append(c);
            } else {
                text.append(String.format("%%%02X", (int) c));
            }
        }
        return text.toString();
    }
}
