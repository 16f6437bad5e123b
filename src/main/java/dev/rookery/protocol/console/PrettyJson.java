package dev.rookery.protocol.console;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** JSON as people read and edit it. */
final class PrettyJson {
  private PrettyJson() {}

  /** Returns the properties as an indented object; empty text if there are none. */
  static String of(Map<String, Object> properties) {
    return properties.isEmpty() ? "" : new JsonObject(properties).encodePrettily();
  }
}
