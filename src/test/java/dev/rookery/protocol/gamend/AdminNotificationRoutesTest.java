package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Notifications of all players, for admins. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminNotificationRoutesTest {
  private static final String PATH = "/api/v1/admin/notifications";

  private static TestApi api;
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  AdminNotificationRoutesTest(Databases.TestDatabase database) {}

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
  void sendsToAnybodyAndReplacesByTitle() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    try (var socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      socket.joinAndAwait("user:" + bob.id(), "updated");

      Response sent = admin.post(PATH, sending(ann, bob, "Hello").put("content", "one").encode());

      assertThat(sent.status()).isEqualTo(201);
      assertThat(sent.body().getString("sender_name")).isEmpty();
      assertThat(sent.body().getLong("sender_id")).isEqualTo(ann.id());
      assertThat(sent.body().getBoolean("read")).isFalse();
      assertThat(socket.await("user:" + bob.id(), "notification").getString("content"))
          .isEqualTo("one");
      Response again = admin.post(PATH, sending(ann, bob, "Hello").put("content", "two").encode());
      assertThat(again.body().getLong("id")).isEqualTo(sent.body().getLong("id"));
      assertThat(bob.get("/api/v1/notifications").body().getJsonArray("data")).hasSize(1);
    }
  }

  @Test
  void storesWhatAMutedPlayerWritesAsRead() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    bob.call("PUT", "/api/v1/me/mutes/user/" + ann.id(), "{}");
    try (var socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      socket.joinAndAwait("user:" + bob.id(), "updated");

      Response muted = admin.post(PATH, sending(ann, bob, "Muted").encode());

      assertThat(muted.body().getBoolean("read")).isTrue();
      admin.post(PATH, sending(admin, bob, "Loud").encode());
      assertThat(socket.await("user:" + bob.id(), "notification").getString("title"))
          .isEqualTo("Loud");
    }
    bob.delete("/api/v1/me/mutes/user/" + ann.id());
    Response again = admin.post(PATH, sending(ann, bob, "Muted").encode());
    assertThat(again.body().getBoolean("read")).isFalse();
  }

  @Test
  void sendsToManyPlayersAndCancels() {
    Guest ann = api.guest();
    String path = PATH + "/broadcasts";
    String body =
        JsonObject.of("audience", "players", "recipients", List.of(ann.id()), "title", "To many")
            .encode();
    try (var socket = PhoenixClient.connect(api.node().port(), ann.token())) {
      socket.joinAndAwait("user:" + ann.id(), "updated");

      Response created = admin.post(path, body);

      assertThat(created.status()).as(created.toString()).isEqualTo(201);
      JsonObject notification = socket.await("user:" + ann.id(), "notification");
      assertThat(notification.getString("title")).isEqualTo("To many");
      assertThat(notification.getJsonObject("metadata"))
          .isEqualTo(
              JsonObject.of("type", "announcement", "broadcast_id", created.data().getLong("id")));
      String one = path + "/" + created.data().getLong("id");
      Eventually.holds(() -> admin.get(one).data().getString("state").equals("done"));
      assertThat(admin.get(one).data().getInteger("delivered")).isEqualTo(1);
      assertThat(admin.get(one).data().getInteger("read")).isZero();
      assertThat(admin.post(one + "/cancel", "{}").toString())
          .isEqualTo("409 {\"error\":\"broadcast_ended\"}");
    }
    Response waiting =
        admin.post(
            path,
            JsonObject.of("audience", "all", "title", "Later", "starts_at", inAnHour()).encode());
    assertThat(waiting.data().getString("state")).isEqualTo("open");
    String one = path + "/" + waiting.data().getLong("id");
    assertThat(admin.post(one + "/cancel", "{}").data().getString("state")).isEqualTo("cancelled");
    assertThat(admin.get(path + "?page_size=1").body().getJsonArray("data")).hasSize(1);
    assertThat(admin.post(path, "{\"audience\":\"x\",\"title\":\"y\"}").status()).isEqualTo(422);
    assertThat(admin.get(path + "/999999").status()).isEqualTo(404);
    assertThat(ann.post(path, body).status()).isEqualTo(403);
    assertThat(ann.post(one + "/cancel", "{}").status()).isEqualTo(403);
  }

  private static String inAnHour() {
    return Instant.now().plus(Duration.ofHours(1)).toString();
  }

  @Test
  void refusesMissingFieldsAndUnknownPlayers() {
    Guest ann = api.guest();
    assertThat(admin.post(PATH, "{}").toString())
        .isEqualTo("400 {\"error\":\"sender_id is required\"}");
    assertThat(admin.post(PATH, "{\"sender_id\":" + ann.id() + "}").toString())
        .isEqualTo("400 {\"error\":\"recipient_id is required\"}");
    assertThat(admin.post(PATH, sending(ann, ann, "").encode()).toString())
        .isEqualTo(
            "422 {\"error\":\"validation_failed\",\"errors\":{\"title\":[\"can't be blank\"]}}");
    assertThat(
            admin
                .post(PATH, sending(ann, ann, "Hello").put("recipient_id", 999_999).encode())
                .toString())
        .isEqualTo("404 {\"error\":\"user_not_found\"}");
    assertThat(ann.post(PATH, sending(ann, ann, "Hello").encode()).status()).isEqualTo(403);
    assertThat(ann.get(PATH).status()).isEqualTo(403);
    assertThat(ann.delete(PATH + "/1").status()).isEqualTo(403);
  }

  @Test
  void listsTheNewestFirstWithFiltersAndDeletes() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    admin.post(PATH, sending(ann, bob, "First of all").encode());
    long second = admin.post(PATH, sending(bob, ann, "Second").encode()).body().getLong("id");
    admin.post(PATH, sending(ann, bob, "Third of all").encode());

    assertThat(titles("?user_id=" + bob.id())).containsExactly("Third of all", "First of all");
    assertThat(titles("?sender_id=" + bob.id())).containsExactly("Second");
    assertThat(titles("?user_id=" + bob.id() + "&title=FIRST")).containsExactly("First of all");
    assertThat(titles("?user_id=" + bob.id() + "&page_size=1&page=2"))
        .containsExactly("First of all");
    assertThat(titles("?user_id=junk&page_size=3"))
        .containsExactly("Third of all", "Second", "First of all");
    assertThat(admin.delete(PATH + "/" + second).toString()).isEqualTo("200 {}");
    assertThat(admin.delete(PATH + "/" + second).toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.delete(PATH + "/x").toString()).isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(titles("?sender_id=" + bob.id())).isEmpty();
  }

  private static JsonObject sending(Guest sender, Guest recipient, String title) {
    return JsonObject.of("sender_id", sender.id(), "recipient_id", recipient.id(), "title", title);
  }

  private static List<String> titles(String query) {
    return admin.get(PATH + query).body().getJsonArray("data").stream()
        .map(one -> ((JsonObject) one).getString("title"))
        .toList();
  }
}
