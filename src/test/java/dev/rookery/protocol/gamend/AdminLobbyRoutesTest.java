package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** All lobbies, for admins. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminLobbyRoutesTest {
  private static final String PATH = "/api/v1/admin/lobbies";

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  AdminLobbyRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void listsHiddenLobbiesTooAndTheLastUpdatedFirst() {
    long red = open(api.guest(), "{\"title\":\"Show red\",\"max_users\":3}");
    long blue = open(api.guest(), "{\"title\":\"Show blue\",\"is_hidden\":true}");
    assertThat(titles("?title=show")).containsExactly("Show blue", "Show red");
    assertThat(titles("?title=show&is_hidden=true")).containsExactly("Show blue");
    assertThat(titles("?title=show&max_users=4")).containsExactly("Show red");

    Response changed = admin.patch(PATH + "/" + red, "{\"is_locked\":true}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.data().getBoolean("is_locked")).isTrue();
    assertThat(changed.data().getInteger("spectator_count")).isZero();
    assertThat(titles("?title=show")).containsExactly("Show red", "Show blue");
    assertThat(titles("?title=show&is_locked=true")).containsExactly("Show red");
    assertThat(titles("?title=show&has_password=true")).isEmpty();
    admin.delete(PATH + "/" + blue);
  }

  @Test
  void tellsMembersOfAChangeAndRefusesWhatTheHostMayNotDo() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    long lobby = open(ann, "{\"title\":\"Shared\"}");
    bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
    try (var socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      socket.joinAndAwait("lobby:" + lobby, "updated");

      assertThat(admin.patch(PATH + "/" + lobby, "{\"title\":\"Renamed\"}").status())
          .isEqualTo(200);

      assertThat(socket.await("lobby:" + lobby, "updated").getString("title")).isEqualTo("Renamed");
    }
    assertThat(admin.patch(PATH + "/" + lobby, "{\"max_users\":1}").toString())
        .isEqualTo("400 {\"error\":\"too_small\"}");
    Response invalid = admin.patch(PATH + "/" + lobby, "{\"max_users\":1000}");
    assertThat(invalid.status()).isEqualTo(422);
    assertThat(invalid.body().getString("error")).isEqualTo("validation_failed");
    assertThat(invalid.body().getJsonObject("errors").fieldNames()).containsExactly("max_users");
    assertThat(admin.patch(PATH + "/999999", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(ann.patch(PATH + "/" + lobby, "{}").status()).isEqualTo(403);
    assertThat(ann.get(PATH).status()).isEqualTo(403);
    assertThat(ann.delete(PATH + "/" + lobby).status()).isEqualTo(403);
  }

  @Test
  void closesALobbyAndFreesItsMembers() {
    Guest ann = api.guest();
    long lobby = open(ann, "{\"title\":\"Doomed\"}");
    try (var socket = PhoenixClient.connect(api.node().port(), ann.token())) {
      socket.join("lobbies");
      socket.joinAndAwait("user:" + ann.id(), "updated");

      assertThat(admin.delete(PATH + "/" + lobby).toString()).isEqualTo("200 {}");

      assertThat(socket.await("lobbies", "lobby_deleted").getLong("id")).isEqualTo(lobby);
      assertThat(socket.await("user:" + ann.id(), "updated").getInteger("lobby_id")).isEqualTo(-1);
    }
    assertThat(admin.delete(PATH + "/" + lobby).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(ann.post("/api/v1/lobbies", "{}").status()).isEqualTo(201);
  }

  private static long open(Guest host, String settings) {
    return host.post("/api/v1/lobbies", settings).body().getLong("id");
  }

  private static List<String> titles(String query) {
    return admin.get(PATH + query).body().getJsonArray("data").stream()
        .map(one -> ((JsonObject) one).getString("title"))
        .toList();
  }
}
