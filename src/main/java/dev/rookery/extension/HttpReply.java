package dev.rookery.extension;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The response to a request.
 *
 * @param headers without those of the connection, such as {@code content-length}
 */
public record HttpReply(int status, Map<String, String> headers, Buffer body) {
  private static final String CONTENT_TYPE = "content-type";

  /**
   * @throws IllegalArgumentException if the status is not from 200 to 599
   */
  public HttpReply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("no status of a response: " + status);
    }
    headers = Map.copyOf(headers);
  }

  /** A response of status 200. */
  public static HttpReply of(String contentType, Buffer body) {
    return new HttpReply(200, Map.of(CONTENT_TYPE, contentType), body);
  }

  /** A JSON object. */
  public static HttpReply json(JsonObject object) {
    return of("application/json; charset=utf-8", object.toBuffer());
  }

  /** A page. */
  public static HttpReply html(String page) {
    return of("text/html; charset=utf-8", Buffer.buffer(page));
  }

  public static HttpReply text(String text) {
    return of("text/plain; charset=utf-8", Buffer.buffer(text));
  }

  /** A response without a body. */
  public static HttpReply empty(int status) {
    return new HttpReply(status, Map.of(), Buffer.buffer());
  }

  public HttpReply withStatus(int changed) {
    return new HttpReply(changed, headers, body);
  }

  public HttpReply withHeader(String name, String value) {
    var changed = new LinkedHashMap<>(headers);
    changed.put(name, value);
    return new HttpReply(status, changed, body);
  }
}
