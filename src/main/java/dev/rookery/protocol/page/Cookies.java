package dev.rookery.protocol.page;

import dev.rookery.session.Tokens;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the cookies of the pages: the session token, the session of the admin console,
 * and the id of the browser that CSRF tokens are bound to. Over HTTPS their names begin with {@code
 * __Host-}, so other hosts of the same domain cannot set them.
 */
public final class Cookies {
  private static final String SESSION = "rookery_session";
  private static final String CONSOLE = "rookery_console";
  private static final String BROWSER = "rookery_browser";

  private final HttpServerRequest request;
  private final boolean secure;

  /**
   * @param secure whether the browser reaches the server over HTTPS
   */
  public Cookies(HttpServerRequest request, boolean secure) {
    this.request = request;
    this.secure = secure;
  }

  /** Returns the session token; null if there is none. */
  @Nullable String session() {
    return read(SESSION);
  }

  /**
   * Sets the session token.
   *
   * @param persistent whether the cookie outlives the browser
   */
  void session(String token, boolean persistent) {
    Cookie cookie = cookie(SESSION, token);
    write(persistent ? cookie.setMaxAge(Tokens.PAGE_LIFETIME.toSeconds()) : cookie);
  }

  void clearSession() {
    write(cookie(SESSION, "").setMaxAge(0));
  }

  /** Returns the token of the session of the admin console; null if there is none. */
  public @Nullable String console() {
    return read(CONSOLE);
  }

  /** Sets the token of the session of the admin console, until the browser is closed. */
  public void console(String token) {
    write(cookie(CONSOLE, token));
  }

  /** Returns the id of the browser; null if there is none. */
  public @Nullable String browser() {
    return read(BROWSER);
  }

  public void browser(String id) {
    write(cookie(BROWSER, id));
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
