package dev.rookery.edge;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What the edge knows of one request and its answer. */
public final class RequestInfo {
  private static final String KEY = RequestInfo.class.getName();

  private final String requestId;
  private final String clientAddress;
  private final long startNanos;
  private @Nullable String route;

  RequestInfo(String requestId, String clientAddress, long startNanos) {
    this.requestId = requestId;
    this.clientAddress = clientAddress;
    this.startNanos = startNanos;
  }

  /** The exchange of a request that passed the shared handlers. */
  public static RequestInfo of(RoutingContext context) {
    RequestInfo exchange = context.get(KEY);
    if (exchange == null) {
      throw new IllegalStateException("not behind the shared handlers");
    }
    return exchange;
  }

  static @Nullable RequestInfo find(RoutingContext context) {
    return context.get(KEY);
  }

  void attachTo(RoutingContext context) {
    context.put(KEY, this);
  }

  /** The client's word for the request if it gave a usable one, else ours. */
  public String requestId() {
    return requestId;
  }

  /** Where the client is: the peer, or whom a trusted proxy names. */
  public String clientAddress() {
    return clientAddress;
  }

  /**
   * Names the route for metrics, as its template: {@code /api/v1/lobbies/:id}. Needed only behind a
   * sub-router, where the edge sees no more than the mount point. Never a path with values in it:
   * each name becomes a time series.
   */
  public void route(String template) {
    this.route = template;
  }

  @Nullable String route() {
    return route;
  }

  long startNanos() {
    return startNanos;
  }
}
