package org.nngjava;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** NNG's error codes ({@code nng_errno_enum} in nng.h), and what each means. */
public enum NngError {
    /** The thread that waited was interrupted: {@link NngInterruptedException}. */
    EINTR(1, "interrupted"),
    /** There is no memory left for it. */
    ENOMEM(2, "out of memory"),
    /** An argument, an address or the value of an option is not acceptable. */
    EINVAL(3, "invalid argument"),
    /** It is in use: started already, for example. */
    EBUSY(4, "resource busy"),
    /** It did not happen in time: {@link NngTimeoutException}. */
    ETIMEDOUT(5, "timed out"),
    /** Nobody listens at the address: {@link NngRefusedException}. */
    ECONNREFUSED(6, "connection refused"),
    /** The socket, context, dialer, listener or pipe is closed: {@link NngClosedException}. */
    ECLOSED(7, "object closed"),
    /** It is not possible at once, and it was not to wait. */
    EAGAIN(8, "not ready, try again"),
    /** The protocol, the transport or the library cannot do it. */
    ENOTSUP(9, "not supported"),
    /** Somebody else listens at the address. */
    EADDRINUSE(10, "address in use"),
    /** It is not its turn: a receive on a REQ before a request was sent, for example. */
    ESTATE(11, "incorrect state"),
    /** There is no such thing: an object that is gone, a file, an inproc name. */
    ENOENT(12, "entry not found"),
    /** The peer speaks another protocol, or not as it should. */
    EPROTO(13, "protocol error"),
    /** There is no way to the host. */
    EUNREACHABLE(14, "destination unreachable"),
    /** It is not an address, or not one that this transport knows. */
    EADDRINVAL(15, "address invalid"),
    /** The operating system does not permit it. */
    EPERM(16, "permission denied"),
    /** The message is larger than {@link NngOptions#RECV_MAX_SIZE}, or a header than it may be. */
    EMSGSIZE(17, "message too large"),
    /** The connection ended while it was made. */
    ECONNABORTED(18, "connection aborted"),
    /** The peer ended the connection. */
    ECONNRESET(19, "connection reset"),
    /** It was cancelled: {@link NngCanceledException}. */
    ECANCELED(20, "operation canceled"),
    /** The process has no file descriptor left. */
    ENOFILES(21, "out of files"),
    /** There is no space left. */
    ENOSPC(22, "out of space"),
    /** It is there already. */
    EEXIST(23, "resource already exists"),
    /** The option can be read only. */
    EREADONLY(24, "read only resource"),
    /** The option can be set only. */
    EWRITEONLY(25, "write only resource"),
    /** A certificate, a key or something else of TLS is not usable. */
    ECRYPTO(26, "cryptographic error"),
    /** The peer could not prove by its certificate who it is. */
    EPEERAUTH(27, "peer could not be authenticated"),
    /** Of NNG's parser of command lines, which this binding does not use. */
    ENOARG(28, "option requires an argument"),
    /** Of NNG's parser of command lines, which this binding does not use. */
    EAMBIGUOUS(29, "ambiguous option"),
    /** The option has a value of another type. */
    EBADTYPE(30, "incorrect type"),
    /** The connection was shut down by this side. */
    ECONNSHUT(31, "connection shutdown"),
    /** A defect in NNG, or a code that this binding does not know. */
    EINTERNAL(1000, "internal error detected"),
    /** An error of the operating system; its errno is in {@link NngException#code()}, in the low 28 bits. */
    ESYSERR(0x10000000, "operating system error"),
    /** An error of a transport; its own code is in {@link NngException#code()}, in the low 28 bits. */
    ETRANERR(0x20000000, "transport error");

    private static final Map<Integer, NngError> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(NngError::code, Function.identity()));

    private final int code;
    private final String meaning;

    NngError(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** NNG's number for this error. */
    public int code() {
        return code;
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** The error of a code that NNG returned; {@link #EINTERNAL} for a code that this binding does not know. */
    static NngError of(int code) {
        NngError known = BY_CODE.get(code);
        if (known != null) {
            return known;
        }
        return (code & ESYSERR.code) != 0 ? ESYSERR : (code & ETRANERR.code) != 0 ? ETRANERR : EINTERNAL;
    }
}
