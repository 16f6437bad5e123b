package dev.rookery.node;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.rookery.console.LogLevels;
import dev.rookery.console.LogLine;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Changes levels of loggers for a while, at most {@value #CHANGES_MAX} at a time; the oldest change
 * ends when there is one more. The levels of before return by themselves, and when the node ends.
 */
final class TemporaryLogLevels implements LogLevels, AutoCloseable {
  static final int CHANGES_MAX = 20;

  /** A change, with the level that the logger had before; null if it had none of its own. */
  private record Active(Change change, ch.qos.logback.classic.@Nullable Level before, long timer) {}

  private final Vertx vertx;
  private final InstantSource clock;
  private final Map<String, Active> active = new LinkedHashMap<>();

  TemporaryLogLevels(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public synchronized void set(Change asked) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    // The root logger is found in upper and lower case, and must be restored once.
    String name = context.getLogger(asked.logger()).getName();
    var change = new Change(name, asked.level(), asked.untilMs());
    end(change.logger());
    if (active.size() >= CHANGES_MAX) {
      end(active.keySet().iterator().next());
    }
    Logger logger = context.getLogger(change.logger());
    long timer =
        vertx.setTimer(Math.max(1, change.untilMs() - clock.millis()), _ -> end(change.logger()));
    active.put(change.logger(), new Active(change, logger.getLevel(), timer));
    logger.setLevel(level(change.level()));
  }

  private static ch.qos.logback.classic.Level level(LogLine.Level level) {
    return switch (level) {
      case DEBUG -> ch.qos.logback.classic.Level.DEBUG;
      case INFO -> ch.qos.logback.classic.Level.INFO;
      case WARN -> ch.qos.logback.classic.Level.WARN;
      case ERROR -> ch.qos.logback.classic.Level.ERROR;
    };
  }

  private synchronized void end(String logger) {
    Active ended = active.remove(logger);
    if (ended != null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      vertx.cancelTimer(ended.timer());
      context.getLogger(logger).setLevel(ended.before());
    }
  }

  @Override
  public synchronized List<Change> list() {
    return active.values().stream().map(Active::change).toList();
  }

  @Override
  public synchronized void close() {
    List.copyOf(active.keySet()).forEach(this::end);
  }
}
