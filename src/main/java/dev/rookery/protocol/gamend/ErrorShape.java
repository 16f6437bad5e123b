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
 * @param fieldsKey the key under which the sentences of the fields stand; null if they are not told
 */
record ErrorShape(
    int status,
    @Nullable String error,
    @Nullable String message,
    @Nullable String details,
    @Nullable String fieldsKey) {
  static ErrorShape bare(int status) {
    return new ErrorShape(status, null, null, null, null);
  }

  static ErrorShape of(int status, String error) {
    return new ErrorShape(status, error, null, null, null);
  }

  static @Nullable ErrorShape parse(@Nullable JsonObject definition) {
    return definition == null
        ? null
        : new ErrorShape(
            definition.getInteger("status"),
            definition.getString("error"),
            definition.getString("message"),
            definition.getString("details"),
            definition.getString("fields"));
  }

  JsonObject body(Map<String, List<String>> messages) {
    if (error == null && fieldsKey == null) {
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
    if (fieldsKey != null) {
      body.put(fieldsKey, messages);
    }
    return body;
  }
}
