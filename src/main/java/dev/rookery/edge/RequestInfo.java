package dev.rookery.edge;

import dev.rookery.trace.RunningTrace;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What the edge knows about one request: its id, client address, start time and route. */
public final class RequestInfo {
  static final String OTHER_ROUTE = "other";

  private static final String KEY = RequestInfo.class.getName();

  private final String requestId;
  private final String clientAddress;
  private final long startNanos;
  private @Nullable String route;
  private @Nullable String problem;
  private @Nullable Runnable whenEnded;
  private @Nullable RunningTrace trace;

  RequestInfo(String requestId, String clientAddress, long startNanos) {
    this.requestId = requestId;
    this.clientAddress = clientAddress;
    this.startNanos = startNanos;
  }

  /**
   * The info of a request that has passed {@link HttpPipeline}; throws {@link
   * IllegalStateException} for any other.
   */
  public static RequestInfo of(RoutingContext context) {
    RequestInfo info = context.get(KEY);
    if (info == null) {
      throw new IllegalStateException("the request has not passed HttpPipeline");
    }
    return info;
  }

  static @Nullable RequestInfo find(RoutingContext context) {
    return context.get(KEY);
  }

  void attachTo(RoutingContext context) {
    context.put(KEY, this);
  }

  /** The {@code x-request-id} of the client if it sent a valid one, otherwise a generated id. */
  public String requestId() {
    return requestId;
  }

  /** The IP address of the client: the peer, or the address that a trusted proxy reports. */
  public String clientAddress() {
    return clientAddress;
  }

  /**
   * Sets the route label for metrics and logs, as a template such as {@code /api/v1/lobbies/:id}.
   * Needed behind a sub-router, where the edge sees just the mount point, and for requests that may
   * fail, because another route handles the failure. Must never contain parameter values, which may
   * be secrets, and because each distinct label creates a time series.
   */
  public void route(String template) {
    this.route = template;
  }

  /**
   * The route of a request as metrics and logs show it: a template without values, which may be
   * secrets. {@value #OTHER_ROUTE} if no route was found.
   */
  static String routeLabel(RoutingContext context) {
    RequestInfo info = find(context);
    if (info != null && info.route != null) {
      return info.route;
    }
    Route current = context.currentRoute();
    String name = current == null ? null : current.getName();
    return name == null ? OTHER_ROUTE : name;
  }

  /** Names why the request is refused, for {@link ClientProblems}; null if the status says all. */
  public void problem(@Nullable String code) {
    this.problem = code;
  }

  @Nullable String problem() {
    return problem;
  }

  void whenEnded(Runnable action) {
    whenEnded = action;
  }

  /**
   * Counts the request as ended, once. Called when its response has ended; also to be called when a
   * file cannot be sent to its end, because the server then tells nobody.
   */
  public void end() {
    Runnable action = whenEnded;
    whenEnded = null;
    if (action != null) {
      action.run();
    }
  }

  void trace(@Nullable RunningTrace begun) {
    trace = begun;
  }

  /** Null if the request is not traced. */
  @Nullable RunningTrace trace() {
    return trace;
  }

  long startNanos() {
    return startNanos;
  }
}
