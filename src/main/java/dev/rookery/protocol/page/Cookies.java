package dev.rookery.protocol.page;

import dev.rookery.edge.HostCookies;
import dev.rookery.session.Tokens;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the cookies of the pages: the session token, the session of the admin console,
 * and the id of the browser that CSRF tokens are bound to.
 */
public final class Cookies {
  private static final String SESSION = "rookery_session";
  private static final String CONSOLE = "rookery_console";
  private static final String BROWSER = "rookery_browser";

  private final HostCookies cookies;

  /**
   * @param secure whether the browser reaches the server over HTTPS
   */
  public Cookies(HttpServerRequest request, boolean secure) {
    this.cookies = new HostCookies(request, secure);
  }

  /** Returns the session token; null if there is none. */
  @Nullable String session() {
    return cookies.read(SESSION);
  }

  /**
   * Sets the session token.
   *
   * @param persistent whether the cookie outlives the browser
   */
  void session(String token, boolean persistent) {
    if (persistent) {
      cookies.write(SESSION, token, Tokens.PAGE_LIFETIME);
    } else {
      cookies.write(SESSION, token);
    }
  }

  void clearSession() {
    cookies.remove(SESSION);
  }

  /** Returns the token of the session of the admin console; null if there is none. */
  public @Nullable String console() {
    return cookies.read(CONSOLE);
  }

  /** Sets the token of the session of the admin console, until the browser is closed. */
  public void console(String token) {
    cookies.write(CONSOLE, token);
  }

  /** Returns the id of the browser; null if there is none. */
  public @Nullable String browser() {
    return cookies.read(BROWSER);
  }

  public void browser(String id) {
    cookies.write(BROWSER, id);
  }
}
