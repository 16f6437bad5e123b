package dev.rookery.protocol.openturn;

import dev.rookery.base.JsonText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests. */
final class RequestBodies {
  private RequestBodies() {}

  /** The bytes of the body; empty if there is none. */
  static byte[] bytes(RoutingContext context) {
    return context.body() == null || context.body().buffer() == null
        ? new byte[0]
        : context.body().buffer().getBytes();
  }

  /** The JSON object in the body; null if it is none. */
  static @Nullable JsonObject object(RoutingContext context) {
    byte[] text = bytes(context);
    try {
      return JsonText.isAcceptable(text)
          ? new JsonObject(new String(text, StandardCharsets.UTF_8))
          : null;
    } catch (DecodeException _) {
      return null;
    }
  }
}
