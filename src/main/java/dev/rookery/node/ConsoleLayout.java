package dev.rookery.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.util.CachingDateFormatter;

/**
 * The log for people: one line per message, with the stack trace behind it. Control characters are
 * escaped, so a message is one line whatever it contains.
 */
final class ConsoleLayout extends LayoutBase<ILoggingEvent> {
  private static final int LEVEL_WIDTH = 5;

  private final CachingDateFormatter time = new CachingDateFormatter("HH:mm:ss.SSS");

  @Override
  public String doLayout(ILoggingEvent event) {
    String level = event.getLevel().toString();
    String logger = event.getLoggerName();
    var line =
        new StringBuilder(160)
            .append(time.format(event.getTimeStamp()))
            .append(' ')
            .append(level)
            .repeat(' ', Math.max(1, LEVEL_WIDTH + 1 - level.length()))
            .append(logger, logger.lastIndexOf('.') + 1, logger.length())
            .append(": ")
            .append(LogEscaping.escape(String.valueOf(event.getFormattedMessage())))
            .append(System.lineSeparator());
    IThrowableProxy throwable = event.getThrowableProxy();
    if (throwable != null) {
      line.append(ThrowableProxyUtil.asString(new EscapingThrowable(throwable)));
    }
    return line.toString();
  }
}
