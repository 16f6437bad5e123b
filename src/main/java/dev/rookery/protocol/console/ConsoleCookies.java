package dev.rookery.protocol.console;

import dev.rookery.edge.HostCookies;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the cookies of the console: the session, which is apart from the session of the
 * player's pages, the id of the browser that CSRF tokens are bound to, and the appearance.
 */
final class ConsoleCookies {
  private static final String SESSION = "rookery_console";
  private static final String BROWSER = "rookery_console_browser";
  private static final String THEME = "rookery_console_theme";
  private static final Duration THEME_LIFETIME = Duration.ofDays(365);

  private final HostCookies cookies;

  ConsoleCookies(HttpServerRequest request, boolean secure) {
    this.cookies = new HostCookies(request, secure);
  }

  /** Returns the token of the console session; null if there is none. */
  @Nullable String session() {
    return cookies.read(SESSION);
  }

  void clearSession() {
    cookies.remove(SESSION);
  }

  /** Returns the id of the browser; null if there is none. */
  @Nullable String browser() {
    return cookies.read(BROWSER);
  }

  void browser(String id) {
    cookies.write(BROWSER, id);
  }

  /** Returns the appearance that the browser chose; null if none. */
  @Nullable String theme() {
    return cookies.read(THEME);
  }

  void theme(String name) {
    cookies.write(THEME, name, THEME_LIFETIME);
  }
}
