package dev.rookery.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.ProcessExit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Makes fatal errors end the process wherever they come to light: in a thread that nobody catches
 * for, or in anything that is logged. Libraries catch everything and log it, at any level.
 */
public final class FatalErrorHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(FatalErrorHandlers.class);

  private FatalErrorHandlers() {}

  /** Installs the handlers for the whole process; called once, before anything else starts. */
  public static void install() {
    ProcessExit.prepare();
    FatalErrors.arm();
    Thread.setDefaultUncaughtExceptionHandler(FatalErrorHandlers::handleUncaught);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      var filter = new LoggedErrorFilter();
      filter.setContext(context);
      filter.start();
      context.addTurboFilter(filter);
    }
  }

  private static void handleUncaught(Thread thread, Throwable failure) {
    FatalErrors.endIfFatal(failure);
    LOG.error("uncaught in thread {}", thread.getName(), failure);
  }

  /** Looks at what is about to be logged, also at levels that are switched off. */
  private static final class LoggedErrorFilter extends TurboFilter {
    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        ch.qos.logback.classic.Logger logger,
        Level level,
        @Nullable String format,
        @Nullable Object @Nullable [] params,
        @Nullable Throwable thrown) {
      if (thrown != null) {
        FatalErrors.endIfFatal(thrown);
      } else if (params != null
          && params.length > 0
          && params[params.length - 1] instanceof Throwable last) {
        FatalErrors.endIfFatal(last);
      }
      return FilterReply.NEUTRAL;
    }
  }
}
