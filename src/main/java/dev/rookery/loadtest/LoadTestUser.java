package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** A user signed in with a device. */
record LoadTestUser(long id, String token, URI node) {
  static Future<LoadTestUser> signIn(ScenarioContext context, URI node, String device) {
    return context
        .client(node)
        .call(HttpMethod.POST, "/api/v1/login/device", null, JsonObject.of("device_id", device))
        .map(
            answer -> {
              JsonObject data = answer.getJsonObject("data");
              return new LoadTestUser(
                  data.getLong("user_id"), data.getString("access_token"), node);
            });
  }

  String userTopic() {
    return "user:" + id;
  }
}
