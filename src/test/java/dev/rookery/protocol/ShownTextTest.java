package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, titles and messages can be seen and do not disturb what is shown beside them. */
final class ShownTextTest {
  private static final String DATABASES = "dev.rookery.testkit.Databases#locations";
  private static final List<String> UNSHOWN =
      List.of("\u200b", "a\u0007", "\u202eabc", "abc\u2066", "a\uffff", "\u3164", "a\u0085");

  private record Player(TestNode node, String token) {
    HttpResponse<String> send(String method, String path, JsonObject body) {
      return node.send(method, path, body.encode(), "authorization", "Bearer " + token);
    }
  }

  private static Player player(TestNode node, String device) {
    String body = JsonObject.of("device_id", device).encode();
    var data = new JsonObject(node.post("/api/v1/login/device", body).body()).getJsonObject("data");
    return new Player(node, data.getString("access_token"));
  }

  private static void assertInvalid(HttpResponse<String> response, String text, String field) {
    assertThat(response.statusCode()).as(text).isIn(400, 409, 422);
    assertThat(response.body()).as(text).contains("\"" + field + "\":[\"");
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void textThatCannotBeShownIsRefused(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      Player ann = player(node, "ann");
      long lobby =
          new JsonObject(ann.send("POST", "/api/v1/lobbies", JsonObject.of("title", "t")).body())
              .getLong("id");
      for (String text : UNSHOWN) {
        assertInvalid(
            ann.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", text)),
            text,
            "display_name");
        assertInvalid(
            ann.send("PATCH", "/api/v1/lobbies", JsonObject.of("title", text)), text, "title");
        assertInvalid(
            player(node, "other").send("POST", "/api/v1/lobbies", JsonObject.of("title", text)),
            text,
            "title");
        assertInvalid(
            player(node, "other")
                .send("POST", "/api/v1/lobbies/quick_join", JsonObject.of("title", text)),
            text,
            "title");
        assertInvalid(
            ann.send(
                "POST",
                "/api/v1/chat/messages",
                JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", text)),
            text,
            "content");
        assertInvalid(
            node.post(
                "/api/v1/register",
                JsonObject.of(
                        "email", "a@x.com", "password", "a long password", "display_name", text)
                    .encode()),
            text,
            "display_name");
        assertThat(
                node.post("/auth/anonymous", JsonObject.of("username", text).encode()).statusCode())
            .isEqualTo(400);
      }
      var sent =
          ann.send(
              "POST",
              "/api/v1/chat/messages",
              JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", "a\r\nb\nc"));
      assertThat(new JsonObject(sent.body()).getString("content")).isEqualTo("a\nb\nc");
    }
  }

  @ParameterizedTest
  @MethodSource(DATABASES)
  void namesAndTitlesAreFoundHoweverTheyAreWritten(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      Player ann = player(node, "ann");
      String name =
          "\u0130\u00d6ZG\u00dcR E\u0301MILE \u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3";
      ann.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", name));
      ann.send("POST", "/api/v1/lobbies", JsonObject.of("title", name));
      for (String typed :
          List.of(
              "\u0130\u00f6",
              "i\u0307o\u0308zg\u00fcr",
              name.substring(0, 10),
              "I\u0307\uff2f\u0308")) {
        String query = URLEncoder.encode(typed, StandardCharsets.UTF_8);
        assertThat(total(node.get("/api/v1/users?q=" + query))).as(typed).isEqualTo(1);
        assertThat(total(node.get("/api/v1/lobbies?title=" + query))).as(typed).isEqualTo(1);
      }
      ann.send(
          "PATCH",
          "/api/v1/lobbies",
          JsonObject.of("title", "\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3"));
      assertThat(
              total(
                  node.get(
                      "/api/v1/lobbies?title="
                          + URLEncoder.encode("\u03bf\u03b4\u03c5\u03c3", StandardCharsets.UTF_8))))
          .isEqualTo(1);
      assertThat(total(node.get("/api/v1/users?q=%E2%80%8B"))).isZero();
    }
  }

  private static int total(HttpResponse<String> response) {
    return new JsonObject(response.body()).getJsonObject("meta").getInteger("total_count");
  }
}
