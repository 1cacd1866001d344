package org.nngjava;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** NNG's error codes ({@code nng_errno_enum} in nng.h), and what each means. */
public enum NngError {
    EINTR(1, "interrupted"),
    ENOMEM(2, "out of memory"),
    EINVAL(3, "invalid argument"),
    EBUSY(4, "resource busy"),
    ETIMEDOUT(5, "timed out"),
    ECONNREFUSED(6, "connection refused"),
    ECLOSED(7, "object closed"),
    EAGAIN(8, "not ready, try again"),
    ENOTSUP(9, "not supported"),
    EADDRINUSE(10, "address in use"),
    ESTATE(11, "incorrect state"),
    ENOENT(12, "entry not found"),
    EPROTO(13, "protocol error"),
    EUNREACHABLE(14, "destination unreachable"),
    EADDRINVAL(15, "address invalid"),
    EPERM(16, "permission denied"),
    EMSGSIZE(17, "message too large"),
    ECONNABORTED(18, "connection aborted"),
    ECONNRESET(19, "connection reset"),
    ECANCELED(20, "operation canceled"),
    ENOFILES(21, "out of files"),
    ENOSPC(22, "out of space"),
    EEXIST(23, "resource already exists"),
    EREADONLY(24, "read only resource"),
    EWRITEONLY(25, "write only resource"),
    ECRYPTO(26, "cryptographic error"),
    EPEERAUTH(27, "peer could not be authenticated"),
    ENOARG(28, "option requires an argument"),
    EAMBIGUOUS(29, "ambiguous option"),
    EBADTYPE(30, "incorrect type"),
    ECONNSHUT(31, "connection shutdown"),
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
