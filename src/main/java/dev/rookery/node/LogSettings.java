package dev.rookery.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.rookery.config.LogConfig;
import dev.rookery.config.LogConfig.Format;
import dev.rookery.config.NodeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the configured level and format to the log of the whole process. */
public final class LogSettings {
  static final String ACCESS = "dev.rookery.access";

  private LogSettings() {}

  public static void apply(NodeConfig config) {
    // An application that embeds a node may use another backend than Logback; its settings stand.
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.getLogger("dev.rookery").setLevel(level(config.log().level()));
    context.getLogger(ACCESS).setLevel(level(config.log().accessLevel()));
    if (config.log().formatFor(config.production()) == Format.JSON) {
      json(context);
    }
  }

  private static void json(LoggerContext context) {
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                var encoder = new EscapingJsonEncoder();
                encoder.setContext(context);
                encoder.setWithFormattedMessage(true);
                encoder.setWithMessage(false);
                encoder.setWithArguments(false);
                encoder.setWithSequenceNumber(false);
                encoder.setWithContext(false);
                encoder.setWithNanoseconds(false);
                encoder.start();
                stream.stop();
                stream.setEncoder(encoder);
                stream.start();
              }
            });
  }

  static Level level(LogConfig.Level level) {
    return switch (level) {
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARNING, WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
      case NONE -> Level.OFF;
    };
  }
}
