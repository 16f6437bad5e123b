package dev.rookery.edge;

import dev.rookery.base.ClientNetwork;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP rate limits per client network: one for sign-in requests, one for all others. The
 * counters can be shared by all nodes.
 */
public final class RateLimits {
  private static final String API = "/api/v1/";
  private static final String GAMEFLOW = "/auth/";
  private static final Set<String> GODRA = Set.of("/register", "/login", "/guest-login");
  private static final List<String> SIGN_IN_FORMS =
      List.of("/users/log-in", "/users/register", "/users/reset-password");

  private final FixedWindowLimiter general;
  private final FixedWindowLimiter signIn;
  private final @Nullable SharedCounters shared;
  private volatile @Nullable String lifted;

  /**
   * @param shared null to count on this node only
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

  /**
   * Counts a request on this node. Returns 0 if it may be served, otherwise the milliseconds to
   * wait before a retry.
   */
  long retryAfterMs(HttpMethod method, String path, String address) {
    if (address.equals(lifted)) {
      return 0;
    }
    return (isSignIn(method, path) ? signIn : general).retryAfterMs(ClientNetwork.of(address));
  }

  /** Counts a request on this node and, if that admits it, on the shared counters. */
  Future<Long> sharedRetryAfterMs(HttpMethod method, String path, String address) {
    if (address.equals(lifted)) {
      return Future.succeededFuture(0L);
    }
    boolean isSignIn = isSignIn(method, path);
    FixedWindowLimiter window = isSignIn ? signIn : general;
    String key = ClientNetwork.of(address);
    long local = window.retryAfterMs(key);
    return local > 0 || shared == null
        ? Future.succeededFuture(local)
        : window.retryAfterMs((isSignIn ? "sign-in:" : "general:") + key, shared);
  }

  /**
   * A client that has used up its requests of a limit on this node.
   *
   * @param limit {@code general} or {@code sign-in}
   * @param network the network of its addresses
   */
  public record LimitedClient(String limit, String network, int count, long waitMs) {}

  /** Clients that are limited on this node now, at most so many of each limit. */
  public List<LimitedClient> limited(int max) {
    return Stream.concat(limited("sign-in", signIn, max), limited("general", general, max))
        .toList();
  }

  private static Stream<LimitedClient> limited(String name, FixedWindowLimiter limiter, int max) {
    return limiter.exhausted(max).stream()
        .map(key -> new LimitedClient(name, key.key(), key.count(), key.waitMs()));
  }

  /**
   * Admits all requests from an address on this node, such as that of a load test; null for none.
   */
  public void lift(@Nullable String address) {
    lifted = address;
  }

  /** Lets the clients of a network begin anew on this node, for both limits. */
  public void forget(String network) {
    general.forget(network);
    signIn.forget(network);
  }

  private static boolean isSignIn(HttpMethod method, String path) {
    return path.startsWith(GAMEFLOW)
        || (method == HttpMethod.POST
            && (GODRA.contains(withoutSlashes(path)) || isSignInForm(path)))
        || (path.startsWith(API)
            && (startsWithSegment(path, "login") || startsWithSegment(path, "register")));
  }

  private static boolean isSignInForm(String path) {
    for (String form : SIGN_IN_FORMS) {
      if (path.startsWith(form)) {
        return true;
      }
    }
    return false;
  }

  /** The router serves a path with a slash at its end as the one without. */
  private static String withoutSlashes(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static boolean startsWithSegment(String path, String name) {
    int end = API.length() + name.length();
    return path.startsWith(name, API.length()) && (path.length() == end || path.charAt(end) == '/');
  }
}
