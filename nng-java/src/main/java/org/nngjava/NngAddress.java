package org.nngjava;

import java.net.SocketAddress;

/**
 * An address that only NNG knows: of {@code inproc}, of an {@code abstract} socket, or none at all. Those of tcp, and of what is built
 * on it, are {@link java.net.InetSocketAddress}es, and those of ipc {@link java.net.UnixDomainSocketAddress}es.
 */
public final class NngAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final String url;

    NngAddress(String url) {
        this.url = url;
    }

    /** The address as a URL; empty where there is none, as before a listener starts. */
    public String url() {
        return url;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NngAddress that && url.equals(that.url);
    }

    @Override
    public int hashCode() {
        return url.hashCode();
    }

    /** The URL. */
    @Override
    public String toString() {
        return url;
    }
}
