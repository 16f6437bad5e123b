package dev.rookery.protocol.gamend;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an error is said. Clients parse these bodies, and each route has its own; which one has which
 * stands in the API document.
 *
 * @param error null in the errors that are nobody's rule, which carry the reason phrase instead
 * @param message a sentence for people, beside the error
 * @param details a word for programs, beside the error
 * @param fields the key under which the sentences of the fields stand; null if they are not told
 */
record ErrorShape(
    int status,
    @Nullable String error,
    @Nullable String message,
    @Nullable String details,
    @Nullable String fields) {
  static ErrorShape bare(int status) {
    return new ErrorShape(status, null, null, null, null);
  }

  static ErrorShape of(int status, String error) {
    return new ErrorShape(status, error, null, null, null);
  }

  static @Nullable ErrorShape read(@Nullable JsonObject written) {
    return written == null
        ? null
        : new ErrorShape(
            written.getInteger("status"),
            written.getString("error"),
            written.getString("message"),
            written.getString("details"),
            written.getString("fields"));
  }

  JsonObject body(Map<String, List<String>> sentences) {
    if (error == null && fields == null) {
      String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
      return JsonObject.of("errors", JsonObject.of("detail", phrase));
    }
    var body = new JsonObject();
    if (error != null) {
      body.put("error", error);
    }
    if (message != null) {
      body.put("message", message);
    }
    if (details != null) {
      body.put("details", details);
    }
    if (fields != null) {
      body.put(fields, sentences);
    }
    return body;
  }
}
