package dev.rookery.protocol.godra;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.script.ScriptException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers of the wire: plain text but for what succeeds. */
final class GodraResponses {
  static final String UNAUTHORIZED = "Unauthorized";

  private static final Logger LOG = LoggerFactory.getLogger(GodraResponses.class);
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final String FAILED = "Script execution failed: ";

  private GodraResponses() {}

  static void text(RoutingContext context, int status, String text) {
    send(context, status, TEXT, text);
  }

  static void json(RoutingContext context, int status, String json) {
    send(context, status, JSON, json);
  }

  private static void send(RoutingContext context, int status, CharSequence type, String content) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(content);
    }
  }

  /** Answers that a call of a script failed. */
  static void scriptFailed(RoutingContext context, Throwable failure) {
    switch (failure) {
      case ScriptException script -> {
        if (isOutage(script)) {
          retryAfter(context, Duration.ofSeconds(1));
          text(context, 503, FAILED + script.text());
        } else {
          text(context, 500, FAILED + script.text());
        }
      }
      case Refused refused when refused.refusal() instanceof Refusal.Denied(_, var details) ->
          text(
              context,
              403,
              "Forbidden: "
                  + capitalized(Objects.requireNonNull(details.get("role")))
                  + " role required");
      default -> failed(context, failure);
    }
  }

  /** Whether a later attempt may succeed. */
  static boolean isOutage(ScriptException failure) {
    return switch (failure.kind()) {
      case AWAY, BUSY -> true;
      case SCRIPT, TIMED_OUT, OUT_OF_MEMORY, TOO_LARGE -> false;
    };
  }

  private static String capitalized(Object role) {
    String text = String.valueOf(role);
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Answers a failure that is not about what the client sent. */
  static void failed(RoutingContext context, Throwable failure) {
    switch (failure) {
      case Refused refused when refused.refusal() instanceof Refusal.Limited(_, var wait) -> {
        retryAfter(context, wait);
        text(context, 429, "Too Many Requests");
      }
      case Refused refused when refused.refusal() instanceof Refusal.Unavailable(_, var wait) -> {
        retryAfter(context, wait);
        text(context, 503, "Service Unavailable");
      }
      default -> {
        LOG.error("a request failed", failure);
        text(context, 500, "Internal Server Error");
      }
    }
  }

  private static void retryAfter(RoutingContext context, Duration wait) {
    context
        .response()
        .putHeader(
            HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
  }
}
