package dev.rookery.protocol.page;

import dev.rookery.session.Tokens;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The two cookies of the pages: who is signed in, and which browser a form was made for. By https
 * their names begin with {@code __Host-}, so that no neighbour under the same domain can set them.
 */
final class Cookies {
  private static final String SESSION = "rookery_session";
  private static final String BROWSER = "rookery_browser";

  private final HttpServerRequest request;
  private final boolean secure;

  Cookies(HttpServerRequest request, boolean secure) {
    this.request = request;
    this.secure = secure;
  }

  @Nullable String session() {
    return read(SESSION);
  }

  /**
   * @param kept whether it outlives the browser
   */
  void session(String token, boolean kept) {
    Cookie cookie = cookie(SESSION, token);
    write(kept ? cookie.setMaxAge(Tokens.PAGE_LIFETIME.toSeconds()) : cookie);
  }

  void clearSession() {
    write(cookie(SESSION, "").setMaxAge(0));
  }

  @Nullable String browser() {
    return read(BROWSER);
  }

  void browser(String id) {
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
