package dev.rookery.protocol.gamend;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status and body of an error. Clients parse these bodies, which differ between routes; the API
 * document defines them for each operation (Gamend HTTP contract, sections 1.8 and 1.9).
 *
 * @param error the error code; null in framework errors, whose body is the reason phrase
 * @param message a text for people, next to the code
 * @param details a further code, next to the code
 * @param fieldsKey the key of the messages by field; null if the body has none
 * @param errorFrom the detail of the refusal that is the code; null to add the details to the body
 */
record ErrorShape(
    int status,
    @Nullable String error,
    @Nullable String message,
    @Nullable String details,
    @Nullable String fieldsKey,
    @Nullable String errorFrom) {
  ErrorShape(
      int status,
      @Nullable String error,
      @Nullable String message,
      @Nullable String details,
      @Nullable String fieldsKey) {
    this(status, error, message, details, fieldsKey, null);
  }

  static ErrorShape bare(int status) {
    return new ErrorShape(status, null, null, null, null);
  }

  static ErrorShape of(int status, String error) {
    return new ErrorShape(status, error, null, null, null);
  }

  /** The code, for the audit log. */
  String code() {
    return error == null ? Integer.toString(status) : error;
  }

  static @Nullable ErrorShape parse(@Nullable JsonObject definition) {
    return definition == null
        ? null
        : new ErrorShape(
            definition.getInteger("status"),
            definition.getString("error"),
            definition.getString("message"),
            definition.getString("details"),
            definition.getString("fields"),
            definition.getString("error_from"));
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
