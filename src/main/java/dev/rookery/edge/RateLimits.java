package dev.rookery.edge;

import dev.rookery.base.ClientNetwork;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many requests one address may make: one count for sign-ins, one for everything else. Nodes
 * may share the counts.
 */
public final class RateLimits {
  private static final String API = "/api/v1/";
  private static final String GAMEFLOW = "/auth/";
  private static final List<String> SIGN_IN_FORMS =
      List.of("/users/log-in", "/users/register", "/users/reset-password");

  private final FixedWindowLimiter general;
  private final FixedWindowLimiter signIn;
  private final @Nullable SharedCounters shared;

  /**
   * @param shared null to count on this node alone
   */
  public RateLimits(
      FixedWindowLimiter general, FixedWindowLimiter auth, @Nullable SharedCounters shared) {
    this.general = general;
    this.signIn = auth;
    this.shared = shared;
  }

  boolean isShared() {
    return shared != null;
  }

  /** Counts a request. Gives 0 if it may be served, else in how many milliseconds to come back. */
  long retryAfterMs(HttpMethod method, String path, String address) {
    return (isSignIn(method, path) ? signIn : general).retryAfterMs(ClientNetwork.of(address));
  }

  /** The same, for all nodes. */
  Future<Long> sharedRetryAfterMs(HttpMethod method, String path, String address) {
    boolean signsIn = isSignIn(method, path);
    FixedWindowLimiter window = signsIn ? signIn : general;
    String key = ClientNetwork.of(address);
    long here = window.retryAfterMs(key);
    return here > 0 || shared == null
        ? Future.succeededFuture(here)
        : window.retryAfterMs((signsIn ? "sign-in:" : "general:") + key, shared);
  }

  private static boolean isSignIn(HttpMethod method, String path) {
    return path.startsWith(GAMEFLOW)
        || (method == HttpMethod.POST && SIGN_IN_FORMS.stream().anyMatch(path::startsWith))
        || (path.startsWith(API)
            && (startsWithSegment(path, "login") || startsWithSegment(path, "register")));
  }

  private static boolean startsWithSegment(String path, String name) {
    int end = API.length() + name.length();
    return path.startsWith(name, API.length()) && (path.length() == end || path.charAt(end) == '/');
  }
}
