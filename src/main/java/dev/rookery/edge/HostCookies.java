package dev.rookery.edge;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cookies that browsers send to this host alone. No script can read them, and they do not come with
 * what other sites post. Over HTTPS their names begin with {@code __Host-}, so other hosts of the
 * same domain cannot set them.
 */
public final class HostCookies {
  private final HttpServerRequest request;
  private final boolean secure;

  /**
   * @param secure whether the browser reaches the server over HTTPS
   */
  public HostCookies(HttpServerRequest request, boolean secure) {
    this.request = request;
    this.secure = secure;
  }

  /** Returns the value of a cookie; null if there is none, or it is empty. */
  public @Nullable String read(String name) {
    Cookie cookie = request.getCookie(fullName(name));
    return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
  }

  /** Sets a cookie until the browser is closed. */
  public void write(String name, String value) {
    write(cookie(name, value));
  }

  public void write(String name, String value, Duration lifetime) {
    write(cookie(name, value).setMaxAge(lifetime.toSeconds()));
  }

  public void remove(String name) {
    write(cookie(name, "").setMaxAge(0));
  }

  private void write(Cookie cookie) {
    request.response().addCookie(cookie);
  }

  private Cookie cookie(String name, String value) {
    return Cookie.cookie(fullName(name), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }

  private String fullName(String name) {
    return secure ? "__Host-" + name : name;
  }
}
