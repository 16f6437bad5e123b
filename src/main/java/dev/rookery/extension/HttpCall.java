package dev.rookery.extension;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request. Created by the server alone; later versions may add components.
 *
 * @param path below the extension: {@code /scores/7}
 * @param parameters the segments that the route names, decoded; those that follow a {@code *} under
 *     {@code *}
 * @param query the first value of each parameter
 * @param headers the first value of each, by names in lower case, without {@code authorization} and
 *     {@code cookie}
 * @param body at most {@code http.bodyBytesMax}
 * @param caller the player whose token the request has as {@code Authorization: Bearer}; null if it
 *     has none. A request with an invalid token is answered with 401.
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> parameters,
    Map<String, String> query,
    Map<String, String> headers,
    Buffer body,
    @Nullable Caller caller,
    String clientAddress) {
  /**
   * The player who calls.
   *
   * @throws HttpException 401 if nobody is signed in
   */
  public Caller requireCaller() {
    if (caller == null) {
      throw new HttpException(401, "unauthorized");
    }
    return caller;
  }

  /**
   * The body as a JSON object.
   *
   * @throws HttpException 400 if it is none
   */
  public JsonObject json() {
    try {
      return new JsonObject(body);
    } catch (RuntimeException invalid) {
      throw new HttpException(400, "invalid_json");
    }
  }
}
