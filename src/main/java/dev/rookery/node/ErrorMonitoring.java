package dev.rookery.node;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import dev.rookery.base.ServiceUrl;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.edge.HttpErrors;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.sentry.logback.SentryAppender;
import io.sentry.protocol.Message;
import io.sentry.protocol.SentryException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports logged errors to Sentry or a service with its API, where a DSN is configured. For a whole
 * process, as the log is.
 *
 * <p>Threads that log do not wait: events pass through a bounded queue to a thread of their own,
 * and are dropped when it is full, as they are when the service cannot be reached. Each has the
 * release, the environment, the node's name, and for a failed request its id. Texts are {@linkplain
 * Redaction redacted} before they are sent; values that were put into a message are not sent apart
 * from it.
 */
public final class ErrorMonitoring implements AutoCloseable {
  private static final int QUEUE_MAX = 256;
  private static final int SENDING_MAX = 100;
  private static final int TIMEOUT_MS = 5_000;
  private static final int FLUSH_MS = 2_000;

  private final Runnable stop;

  private ErrorMonitoring(Runnable stop) {
    this.stop = stop;
  }

  /** Starts to report, or does nothing without a DSN. */
  public static ErrorMonitoring start(NodeConfig config, String version) {
    Secret dsn = config.sentry().dsn();
    if (dsn == null || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return new ErrorMonitoring(() -> {});
    }
    // Before the appender, which otherwise also reads settings of its own from everywhere.
    Sentry.init(options(config, dsn.value(), version));
    var sentry = new SentryAppender();
    sentry.setContext(context);
    sentry.start();
    var queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName("sentry");
    queue.setQueueSize(QUEUE_MAX);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(FLUSH_MS);
    var threshold = new ThresholdFilter();
    threshold.setLevel(LogSettings.level(config.sentry().level()).toString());
    threshold.start();
    queue.addFilter(threshold);
    sentry.setMinimumEventLevel(LogSettings.level(config.sentry().level()));
    queue.addAppender(sentry);
    queue.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(queue);
    return new ErrorMonitoring(
        () -> {
          root.detachAppender(queue);
          queue.stop();
          Sentry.close();
        });
  }

  /** Throws {@link IllegalArgumentException} unless the DSN is one, or there is none. */
  static void check(NodeConfig config) {
    Secret dsn = config.sentry().dsn();
    if (dsn == null) {
      return;
    }
    String text = dsn.value();
    if (!text.startsWith("https://") && !text.startsWith("http://")) {
      throw notDsn();
    }
    ServiceUrl url = ServiceUrl.parse(text);
    if (url.user() == null || url.host().isEmpty() || url.path().length() < 2) {
      throw notDsn();
    }
    String host;
    try {
      host = new URI(text).getHost();
    } catch (URISyntaxException _) {
      throw new IllegalArgumentException(
          "has a character that Sentry's client cannot read; percent-encode it");
    }
    if (host == null) {
      throw new IllegalArgumentException(
          "has a host that Sentry's client cannot read, such as one with an underscore");
    }
  }

  /** Without the value, which is a secret. */
  private static IllegalArgumentException notDsn() {
    return new IllegalArgumentException("is not of the form https://key@host/project");
  }

  private static SentryOptions options(NodeConfig config, String dsn, String version) {
    var options = new SentryOptions();
    options.setDsn(dsn);
    options.setRelease("rookery@" + version);
    options.setEnvironment(config.sentry().environmentFor(config.production()));
    options.setServerName(config.cluster().nodeName());
    options.addContextTag(HttpErrors.REQUEST_ID);
    options.setSendDefaultPii(false);
    options.setSendModules(false);
    options.setMaxBreadcrumbs(0);
    options.setMaxQueueSize(SENDING_MAX);
    options.setConnectionTimeoutMillis(TIMEOUT_MS);
    options.setReadTimeoutMillis(TIMEOUT_MS);
    options.setShutdownTimeoutMillis(FLUSH_MS);
    options.setEnableUncaughtExceptionHandler(false);
    options.setEnableShutdownHook(false);
    options.setEnableAutoSessionTracking(false);
    options.setEnableExternalConfiguration(false);
    options.setBeforeBreadcrumb((_, _) -> null);
    options.setBeforeSend((event, _) -> redact(event));
    return options;
  }

  private static SentryEvent redact(SentryEvent event) {
    Message message = event.getMessage();
    if (message != null) {
      // The pattern, by which the service groups, and the text.
      message.setMessage(redact(message.getMessage()));
      message.setFormatted(redact(message.getFormatted()));
      message.setParams(null);
    }
    List<SentryException> exceptions = event.getExceptions();
    if (exceptions != null) {
      for (SentryException exception : exceptions) {
        exception.setValue(redact(exception.getValue()));
      }
    }
    event.setUser(null);
    event.setRequest(null);
    event.setBreadcrumbs(List.of());
    return event;
  }

  private static @Nullable String redact(@Nullable String text) {
    return text == null ? null : Redaction.redact(text);
  }

  /** Sends what waits, for a bounded time, and reports no more. */
  @Override
  public void close() {
    stop.run();
  }
}
