package dev.rookery.protocol.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the cookies of the console: the session, which is apart from the session of the
 * player's pages, the id of the browser that CSRF tokens are bound to, and the appearance. Over
 * HTTPS their names begin with {@code __Host-}, so other hosts of the same domain cannot set them.
 */
final class ConsoleCookies {
  private static final String SESSION = "rookery_console";
  private static final String BROWSER = "rookery_console_browser";
  private static final String THEME = "rookery_console_theme";
  private static final Duration THEME_LIFETIME = Duration.ofDays(365);

  private final HttpServerRequest request;
  private final boolean secure;

  ConsoleCookies(HttpServerRequest request, boolean secure) {
    this.request = request;
    this.secure = secure;
  }

  /** Returns the token of the console session; null if there is none. */
  @Nullable String session() {
    return read(SESSION);
  }

  void clearSession() {
    write(cookie(SESSION, "").setMaxAge(0));
  }

  /** Returns the id of the browser; null if there is none. */
  @Nullable String browser() {
    return read(BROWSER);
  }

  void browser(String id) {
    write(cookie(BROWSER, id));
  }

  /** Returns the appearance that the browser chose; null if none. */
  @Nullable String theme() {
    return read(THEME);
  }

  void theme(String name) {
    write(cookie(THEME, name).setMaxAge(THEME_LIFETIME.toSeconds()));
  }

  private String name(String name) {
    return secure ? "__Host-" + name : name;
  }

  private @Nullable String read(String name) {
    Cookie cookie = request.getCookie(name(name));
    return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
  }

  private Cookie cookie(String name, String value) {
    return Cookie.cookie(name(name), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }

  private void write(Cookie cookie) {
    request.response().addCookie(cookie);
  }
}
