package dev.rookery.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subprotocols that a client offers with its upgrade request, and the access token among them.
 *
 * <p>A page can give a WebSocket no header of its own but {@code Sec-WebSocket-Protocol}. Clients
 * of Phoenix 1.8 therefore offer {@code phoenix, base64url.bearer.phx.<token in Base64>}, which
 * keeps the token out of the URL, and so out of logs of proxies.
 *
 * @param names the names without the token, in the order of preference
 * @param token null if there is none; a text that is no valid token if it cannot be decoded
 */
public record SubprotocolOffer(List<String> names, @Nullable String token) {
  private static final CharSequence HEADER = HttpHeaders.createOptimized("Sec-WebSocket-Protocol");
  private static final String BEARER = "base64url.bearer.phx.";
  private static final String UNREADABLE = "unreadable";

  public SubprotocolOffer {
    names = List.copyOf(names);
  }

  public static SubprotocolOffer of(HttpServerRequest request) {
    var names = new ArrayList<String>();
    String token = null;
    for (String line : request.headers().getAll(HEADER)) {
      for (String entry : line.split(",", -1)) {
        String name = entry.strip();
        if (!name.startsWith(BEARER)) {
          names.add(name);
        } else if (token == null) {
          token = decode(name.substring(BEARER.length()));
        }
      }
    }
    return new SubprotocolOffer(names, token);
  }

  /**
   * Chooses the first name that the server knows, for the response to the upgrade. Without one the
   * response names none: a browser then closes the socket if it offered any.
   */
  public void confirm(HttpServerRequest request, Set<String> known) {
    for (String name : names) {
      if (known.contains(name)) {
        request.response().putHeader(HEADER, name);
        return;
      }
    }
  }

  /** Accepts both alphabets of Base64: browsers encode with the one that is not for URLs. */
  private static String decode(String base64) {
    try {
      byte[] token = Base64.getUrlDecoder().decode(base64.replace('+', '-').replace('/', '_'));
      return new String(token, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return UNREADABLE;
    }
  }

  @Override
  public String toString() {
    return "SubprotocolOffer" + names;
  }
}
