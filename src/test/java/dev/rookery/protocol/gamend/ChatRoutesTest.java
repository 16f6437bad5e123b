package dev.rookery.protocol.gamend;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests lobby chat over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ChatRoutesTest {
  // JUnit passes the database to the constructor as well.
  ChatRoutesTest(Databases.TestDatabase database) {}

  private static TestApi api;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static final String MESSAGES = "/api/v1/chat/messages";

  @Test
  void listsTheMessagesOfMembersNewestFirst() {
    Guest ann = named("Ann");
    long lobby = ann.createLobby("{}");
    Guest bob = named("Bob");
    bob.join(lobby);
    Response sent = ann.post(MESSAGES, message(lobby, "hi <b>there</b> '; --"));
    assertThat(sent.status()).isEqualTo(201);
    assertThat(sent.body().getString("sender_name")).isEqualTo("Ann");
    assertThat(sent.body().getLong("chat_ref_id")).isEqualTo(lobby);
    bob.post(MESSAGES, message(lobby, "hello"));
    Response list = ann.get(MESSAGES + "?chat_type=lobby&chat_ref_id=" + lobby + "&page_size=1");
    assertThat(list.body().getJsonArray("data").getJsonObject(0).getString("content"))
        .isEqualTo("hello");
    assertThat(list.body().getJsonObject("meta").getInteger("total_count")).isEqualTo(2);
    Response single = bob.get(MESSAGES + "/" + sent.body().getLong("id"));
    assertThat(single.body().getString("sender_name")).isEmpty();
    assertThat(single.body().getString("content")).isEqualTo("hi <b>there</b> '; --");
  }

  @Test
  void rejectsAnUnknownChatTypeFirst() {
    Guest ann = api.guest();
    String no = "400 {\"error\":\"invalid_chat_type\"}";
    for (String body :
        List.of(
            "{}",
            "{\"chat_type\":\"guild\",\"chat_ref_id\":1,\"content\":5}",
            "{\"chat_type\":5,\"chat_ref_id\":1}",
            "{\"chat_type\":null}",
            "{\"chat_type\":\"LOBBY\",\"chat_ref_id\":1}")) {
      assertThat(ann.post(MESSAGES, body).toString()).isEqualTo(no);
      assertThat(ann.post("/api/v1/chat/read", body).toString()).isEqualTo(no);
    }
    assertThat(ann.get(MESSAGES).toString()).isEqualTo(no);
    assertThat(ann.get("/api/v1/chat/unread?chat_type=x&chat_ref_id=1").toString()).isEqualTo(no);
  }

  @Test
  void rejectsPlayersWhoAreNotInTheLobby() {
    long lobby = api.guest().createLobby("{}");
    Guest eve = api.guest();
    String no = "403 {\"error\":\"not_in_lobby\"}";
    for (Object reference : List.of(lobby, "\"" + lobby + "\"", 999_999, "\"x\"", "null", "{}")) {
      String body = "{\"chat_type\":\"lobby\",\"chat_ref_id\":" + reference + ",\"content\":\"x\"}";
      assertThat(eve.post(MESSAGES, body).toString()).isEqualTo(no);
      assertThat(eve.post("/api/v1/chat/read", body).toString()).isEqualTo(no);
    }
    for (String query : List.of("chat_ref_id=" + lobby, "chat_ref_id=x", "")) {
      assertThat(eve.get(MESSAGES + "?chat_type=lobby&" + query).toString()).isEqualTo(no);
      assertThat(eve.get("/api/v1/chat/unread?chat_type=lobby&" + query).toString()).isEqualTo(no);
    }
  }

  @Test
  void rejectsAnEmptyMessage() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    for (String content : List.of("", "   ")) {
      assertThat(ann.post(MESSAGES, message(lobby, content)).toString())
          .isEqualTo(
              "422 {\"error\":\"validation_error\",\"details\":{\"content\":[\"can't be"
                  + " blank\"]}}");
    }
    assertThat(ann.post(MESSAGES, message(lobby, "x".repeat(4_097))).toString())
        .isEqualTo(
            "422 {\"error\":\"validation_error\","
                + "\"details\":{\"content\":[\"should be at most 4096 character(s)\"]}}");
    String types =
        "{\"chat_type\":\"lobby\",\"chat_ref_id\":" + lobby + ",\"content\":5,\"metadata\":[]}";
    assertThat(ann.post(MESSAGES, types).body().getJsonObject("details"))
        .isEqualTo(
            new JsonObject()
                .put("content", JsonArray.of("is invalid"))
                .put("metadata", JsonArray.of("is invalid")));
  }

  @Test
  void limitsMessagesByTheSlowdownOfTheLobby() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{\"slowdown\":3600}");
    assertThat(ann.post(MESSAGES, message(lobby, "one")).status()).isEqualTo(201);
    Response second = ann.post(MESSAGES, message(lobby, "two"));
    assertThat(second.toString())
        .isEqualTo(
            "429 {\"error\":\"slowdown\","
                + "\"message\":\"You are sending messages too quickly\"}");
    assertThat(second.response().headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void sendsAMessageOnceForOneIdempotencyKey() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    Response first = ann.post(MESSAGES, message(lobby, "once"), "idempotency-key", "say it");
    Response again = ann.post(MESSAGES, message(lobby, "once"), "idempotency-key", "say it");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    Response list = ann.get(MESSAGES + "?chat_type=lobby&chat_ref_id=" + lobby);
    assertThat(list.body().getJsonObject("meta").getInteger("total_count")).isEqualTo(1);
  }

  @Test
  void allowsOnlyTheSenderToEditAndDelete() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    Guest bob = api.guest();
    bob.join(lobby);
    String path = MESSAGES + "/" + ann.post(MESSAGES, message(lobby, "typo")).body().getLong("id");
    assertThat(bob.patch(path, "{\"content\":\"x\"}").toString())
        .isEqualTo("403 {\"error\":\"forbidden\"}");
    assertThat(bob.delete(path).toString()).isEqualTo("403 {\"error\":\"forbidden\"}");
    Response edited = ann.patch(path, "{\"content\":\"text\",\"metadata\":null,\"sender_id\":1}");
    assertThat(edited.status()).isEqualTo(200);
    assertThat(edited.body().getString("content")).isEqualTo("text");
    assertThat(edited.body().getLong("sender_id")).isEqualTo(ann.id());
    assertThat(ann.patch(path, "{\"content\":\" \"}").status()).isEqualTo(422);
    assertThat(ann.delete(path).toString()).isEqualTo("200 {\"ok\":true}");
    assertThat(ann.delete(path).toString()).isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(ann.patch(path, "{\"content\":\"x\"}").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1x", "0", "-1", "99999999999999999999"})
  void answersNotFoundForAMissingMessage(String id) {
    Guest ann = api.guest();
    String path = MESSAGES + "/" + id;
    String no = "404 {\"error\":\"not_found\"}";
    assertThat(ann.get(path).toString()).isEqualTo(no);
    assertThat(ann.patch(path, "{\"content\":\"x\"}").toString()).isEqualTo(no);
    assertThat(ann.delete(path).toString()).isEqualTo(no);
  }

  @Test
  void hidesMessagesFromPlayersOutsideTheLobby() {
    Guest ann = api.guest();
    String path =
        MESSAGES
            + "/"
            + ann.post(MESSAGES, message(ann.createLobby("{}"), "x")).body().getLong("id");
    assertThat(api.guest().get(path).toString()).isEqualTo("404 {\"error\":\"not_found\"}");
  }

  @Test
  void countsUnreadMessagesAfterTheReadPosition() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    String unread = "/api/v1/chat/unread?chat_type=lobby&chat_ref_id=" + lobby;
    long first = ann.post(MESSAGES, message(lobby, "one")).body().getLong("id");
    ann.post(MESSAGES, message(lobby, "two"));
    assertThat(ann.get(unread).toString()).isEqualTo("200 {\"unread_count\":2}");
    Response none = ann.post("/api/v1/chat/read", reading(lobby, null));
    assertThat(none.body().getValue("last_read_message_id")).isNull();
    assertThat(none.body().containsKey("last_read_message_id")).isTrue();
    Response read = ann.post("/api/v1/chat/read", reading(lobby, first));
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.body().getLong("last_read_message_id")).isEqualTo(first);
    assertThat(ann.get(unread).toString()).isEqualTo("200 {\"unread_count\":1}");
    Response unchanged = ann.post("/api/v1/chat/read", reading(lobby, null));
    assertThat(unchanged.body()).isEqualTo(read.body());
    assertThat(ann.get(unread).toString()).isEqualTo("200 {\"unread_count\":1}");
    for (Object unknown : List.of(999_999L, "x")) {
      assertThat(ann.post("/api/v1/chat/read", reading(lobby, unknown)).toString())
          .isEqualTo("404 {\"error\":\"not_found\"}");
    }
  }

  @Test
  void mutesPlayersAndConversationsForOnePlayer() {
    Guest ann = named("Ann");
    Guest bob = api.guest();
    long lobby = ann.createLobby("{\"title\":\"Den\"}");
    bob.join(lobby);
    String mutes = "/api/v1/me/mutes";
    String unread = "/api/v1/chat/unread?chat_type=lobby&chat_ref_id=" + lobby;
    String later = Instant.now().plus(Duration.ofHours(1)).truncatedTo(SECONDS).toString();
    JsonObject mute =
        bob.call("PUT", mutes + "/user/" + ann.id(), "{\"until\":\"" + later + "\"}").data();
    assertThat(mute.getString("type")).isEqualTo("user");
    assertThat(mute.getString("name")).isEqualTo("Ann");
    assertThat(Instant.parse(mute.getString("until"))).isEqualTo(Instant.parse(later));
    ann.post(MESSAGES, message(lobby, "one"));
    bob.post(MESSAGES, message(lobby, "two"));
    assertThat(bob.get(unread).toString()).isEqualTo("200 {\"unread_count\":1}");

    assertThat(bob.call("PUT", mutes + "/lobby/" + lobby, "{}").data().getValue("until")).isNull();
    assertThat(bob.get(unread).toString()).isEqualTo("200 {\"unread_count\":0}");
    assertThat(ann.get(unread).toString()).isEqualTo("200 {\"unread_count\":2}");
    assertThat(
            bob.get(mutes).body().getJsonArray("data").stream()
                .map(one -> ((JsonObject) one).getString("name")))
        .containsExactlyInAnyOrder("Ann", "Den");
    assertThat(ann.get(mutes).toString()).isEqualTo("200 {\"data\":[]}");
    assertThat(bob.delete(mutes + "/lobby/" + lobby).toString()).isEqualTo("200 {}");
    assertThat(bob.delete(mutes + "/lobby/" + lobby).toString()).isEqualTo("200 {}");
    assertThat(bob.get(unread).toString()).isEqualTo("200 {\"unread_count\":1}");

    assertThat(bob.call("PUT", mutes + "/user/" + bob.id(), "{}").toString())
        .isEqualTo("409 {\"error\":\"cannot_mute_self\"}");
    assertThat(bob.call("PUT", mutes + "/user/999999", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(bob.call("PUT", mutes + "/group/999999", "{}").toString())
        .isEqualTo("403 {\"error\":\"not_in_group\"}");
    assertThat(bob.call("PUT", mutes + "/room/1", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(
            bob.call("PUT", mutes + "/user/" + ann.id(), "{\"until\":\"2020-01-01T00:00:00Z\"}")
                .status())
        .isEqualTo(422);
  }

  private static Guest named(String name) {
    Guest guest = api.guest();
    guest.patch("/api/v1/me/display_name", JsonObject.of("display_name", name).encode());
    return guest;
  }

  private static String message(long lobby, String content) {
    return new JsonObject()
        .put("chat_type", "lobby")
        .put("chat_ref_id", lobby)
        .put("content", content)
        .encode();
  }

  private static String reading(long lobby, Object message) {
    return new JsonObject()
        .put("chat_type", "lobby")
        .put("chat_ref_id", lobby)
        .put("message_id", message)
        .encode();
  }
}
