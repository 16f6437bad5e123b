package dev.rookery.node;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.rookery.base.FatalErrors;
import dev.rookery.console.LogLine.Level;
import dev.rookery.console.LogRing;
import dev.rookery.edge.HttpErrors;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the log of the process into a {@link LogRing}, for the console. Threads that log do not
 * wait: lines pass through a bounded queue to a thread of their own, which removes secrets from
 * them, and are counted as missed when it is full.
 *
 * <p>Two things are removed: what {@link Redaction} recognises by its form, and the values of
 * configured secrets, wherever they are.
 */
final class LogCapture implements AutoCloseable {
  private static final int QUEUE_MAX = 2_048;
  private static final Duration END_WITHIN = Duration.ofSeconds(5);
  private static final int SECRET_MIN = 6;
  private static final String SECRET = "[secret]";

  private final LogRing ring;
  private final List<String> secrets;
  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final AtomicLong missed = new AtomicLong();
  private final @Nullable LoggerContext context;
  private final Appender appender = new Appender();
  private final Thread thread;
  private volatile boolean closed;

  private LogCapture(LogRing ring, List<String> secrets, @Nullable LoggerContext context) {
    this.ring = ring;
    // A shorter one would be removed from words that have nothing to do with it.
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= SECRET_MIN)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    this.context = context;
    this.thread = Thread.ofPlatform().name("rookery-log-ring").daemon().unstarted(this::run);
  }

  /**
   * Begins to copy, where Logback is the backend of the log.
   *
   * @param secrets the values of configured secrets
   */
  static LogCapture start(LogRing ring, List<String> secrets) {
    LoggerContext context =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext logback ? logback : null;
    var capture = new LogCapture(ring, secrets, context);
    if (context != null) {
      capture.appender.setContext(context);
      capture.appender.setName("console ring");
      capture.appender.start();
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(capture.appender);
      capture.thread.start();
    }
    return capture;
  }

  private final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      if (!queue.offer(event)) {
        missed.incrementAndGet();
      }
    }
  }

  private void run() {
    try {
      while (!closed) {
        add(queue.take());
        long lost = missed.getAndSet(0);
        if (lost > 0) {
          ring.addMissed(lost);
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void add(ILoggingEvent event) {
    try {
      IThrowableProxy throwable = event.getThrowableProxy();
      ring.add(
          event.getTimeStamp(),
          level(event.getLevel()),
          event.getLoggerName(),
          clean(String.valueOf(event.getFormattedMessage())),
          event.getMDCPropertyMap().get(HttpErrors.REQUEST_ID),
          throwable == null ? null : trace(throwable));
    } catch (RuntimeException | Error failure) {
      // Not logged: that would come back here.
      FatalErrors.endIfFatal(failure);
      ring.addMissed(1);
    }
  }

  private static Level level(ch.qos.logback.classic.Level level) {
    if (level.isGreaterOrEqual(ch.qos.logback.classic.Level.ERROR)) {
      return Level.ERROR;
    }
    if (level.isGreaterOrEqual(ch.qos.logback.classic.Level.WARN)) {
      return Level.WARN;
    }
    return level.isGreaterOrEqual(ch.qos.logback.classic.Level.INFO) ? Level.INFO : Level.DEBUG;
  }

  private String clean(String text) {
    return LogEscaping.escape(withoutSecrets(text));
  }

  private String trace(IThrowableProxy throwable) {
    return withoutSecrets(ThrowableProxyUtil.asString(new EscapingThrowable(throwable)));
  }

  private String withoutSecrets(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, SECRET);
    }
    return Redaction.redact(clean);
  }

  @Override
  public void close() {
    closed = true;
    if (context == null) {
      return;
    }
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    appender.stop();
    thread.interrupt();
    try {
      // After this the ring does not change any more.
      thread.join(END_WITHIN);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
