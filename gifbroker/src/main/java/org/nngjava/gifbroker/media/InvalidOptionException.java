package org.nngjava.gifbroker.media;

/** An option that cannot be had, by its name. The message starts with the name and says what is allowed. */
public final class InvalidOptionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String name;

    /**
     * @param name the option, as the user wrote it
     * @param problem what is wrong with its value, and what is allowed
     */
    public InvalidOptionException(String name, String problem) {
        super(name + ": " + problem);
        this.name = name;
    }

    /** The option that is wrong. */
    public String name() {
        return name;
    }
}
