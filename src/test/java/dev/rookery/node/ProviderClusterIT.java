package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

final class ProviderClusterIT {
  @Test
  void flowStartsContinuesAndEndsOnDifferentNodes() {
    try (var providers = ProviderServer.start()) {
      var environment = new HashMap<>(providers.environment());
      environment.put("PHX_HOST", "play.example");
      try (var cluster = TestCluster.start(3, environment)) {
        providers.nextUser(
            JsonObject.of("id", "1", "username", "ann", "email", "a@b", "verified", true));
        var begun = new JsonObject(cluster.node(0).get("/api/v1/auth/discord").body());
        URI back = ProviderServer.openInBrowser(begun.getString("authorization_url"));
        assertThat(back.toString()).startsWith("https://play.example/auth/discord/callback?");
        String path = back.getPath() + "?" + back.getRawQuery();

        assertThat(cluster.node(1).get(path).statusCode()).isEqualTo(302);
        assertThat(cluster.node(2).get(path).statusCode()).isEqualTo(400);

        String session = "/api/v1/auth/session/" + begun.getString("session_id");
        var come = new JsonObject(cluster.node(2).get(session).body());
        assertThat(come.getString("status")).isEqualTo("completed");
        String bearer = "Bearer " + come.getJsonObject("data").getString("access_token");
        // The first player becomes the admin.
        assertThat(cluster.node(0).get("/api/v1/admin/users", "authorization", bearer).statusCode())
            .isEqualTo(200);
      }
    }
  }
}
