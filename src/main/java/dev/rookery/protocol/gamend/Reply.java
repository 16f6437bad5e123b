package dev.rookery.protocol.gamend;

import io.vertx.core.json.JsonObject;

/** What is answered to a call that was not refused. */
record Reply(int status, JsonObject body) {
  static Reply ok(JsonObject body) {
    return new Reply(200, body);
  }

  static Reply created(JsonObject body) {
    return new Reply(201, body);
  }

  /** Begun; what comes of it is told elsewhere. */
  static Reply accepted(JsonObject body) {
    return new Reply(202, body);
  }

  /** {@code {}} */
  static Reply done(Object ignored) {
    return ok(new JsonObject());
  }
}
