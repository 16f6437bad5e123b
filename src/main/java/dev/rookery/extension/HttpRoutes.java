package dev.rookery.extension;

/**
 * HTTP routes and pages of the extension, below {@code /x/<extension>} and below the paths that the
 * operator gives it ({@code extensions.paths}). They end with the version. At most 1,000.
 * Thread-safe.
 */
public interface HttpRoutes {
  /**
   * Adds a route. Of several that fit a request the first added counts.
   *
   * @param method {@code GET}, which serves {@code HEAD} as well, {@code POST} …
   * @param path begins with a slash; a segment {@code :name} takes any one segment, and a last
   *     segment {@code *} all that follow: {@code /scores/:board}, {@code /files/*}
   * @throws IllegalArgumentException if the path is invalid
   */
  void add(String method, String path, HttpHandler handler);
}
