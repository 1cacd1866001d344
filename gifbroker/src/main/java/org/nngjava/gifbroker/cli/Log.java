package org.nngjava.gifbroker.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log, on standard error. */
public final class Log extends ContextAwareBase implements Configurator {
    /** What its lines look like. */
    enum Format {
        /** For people. */
        TEXT,
        /** For programs: see {@link JsonLines}. */
        JSON
    }

    /** Logback finds this class as a service, and asks it before the first line is logged. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        begin(context, Format.TEXT, Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs in this way from now on. What libraries have to say is left out below warnings. */
    static void begin(Format format, org.slf4j.event.Level level) {
        begin((LoggerContext) LoggerFactory.getILoggerFactory(), format, Level.convertAnSLF4JLevel(level));
    }

    private static void begin(LoggerContext context, Format format, Level level) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        context.getLogger("org.nngjava").setLevel(level);
        // What is wrong with a request is said to its client: strangers do not fill the log.
        context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
        context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        if (format == Format.JSON) {
            return new JsonLines();
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern("%d{HH:mm:ss.SSS} %p %logger{0} - %m%n");
        text.start();
        return text;
    }
}
