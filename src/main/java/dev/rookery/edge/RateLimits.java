package dev.rookery.edge;

/** How many requests one address may make: one count for sign-ins, one for everything else. */
public final class RateLimits {
  private static final String API = "/api/v1/";

  private final FixedWindow general;
  private final FixedWindow auth;

  public RateLimits(FixedWindow general, FixedWindow auth) {
    this.general = general;
    this.auth = auth;
  }

  /** Counts a request. Gives 0 if it may be served, else in how many milliseconds to come back. */
  long refusedForMs(String path, String address) {
    return (signsIn(path) ? auth : general).refusedForMs(address);
  }

  private static boolean signsIn(String path) {
    return path.startsWith(API) && (segment(path, "login") || segment(path, "register"));
  }

  private static boolean segment(String path, String name) {
    int end = API.length() + name.length();
    return path.startsWith(name, API.length()) && (path.length() == end || path.charAt(end) == '/');
  }
}
