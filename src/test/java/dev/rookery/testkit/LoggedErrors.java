package dev.rookery.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Collects the messages that any logger logs as errors, or at a given level, from its creation
 * until it is closed.
 */
public final class LoggedErrors implements AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level level;
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(level)) {
            messages.add(event.getLoggerName() + ": " + event.getFormattedMessage());
          }
        }
      };

  public LoggedErrors() {
    this(Level.ERROR);
  }

  /** Collects messages of this level and of more severe ones. */
  public LoggedErrors(Level level) {
    this.level = level;
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  public List<String> messages() {
    return messages;
  }

  /** Returns the messages since the last time, so that each counts for one request. */
  public List<String> take() {
    List<String> taken = List.copyOf(messages);
    messages.removeAll(taken);
    return taken;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }
}
