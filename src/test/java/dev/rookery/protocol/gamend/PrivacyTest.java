package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What players learn of others: hidden lobbies, private lobbies and email addresses. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class PrivacyTest {
  // JUnit passes the database to the constructor as well.
  PrivacyTest(Databases.TestDatabase database) {}

  private static TestApi api;
  private static Guest admin;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  private static long shownLobby(Guest player, String... headers) {
    return api.get("/api/v1/users/" + player.id(), headers).body().getLong("lobby_id");
  }

  private static long searchedLobby(Guest player, String... headers) {
    return api.get("/api/v1/users?q=" + player.id(), headers)
        .body()
        .getJsonArray("data")
        .getJsonObject(0)
        .getLong("lobby_id");
  }

  private static String[] as(Guest viewer) {
    return new String[] {"authorization", "Bearer " + viewer.token()};
  }

  @Test
  void aHiddenLobbyIsShownToItsMembersAndAdminsAlone() {
    Guest host = api.guest();
    Guest member = api.guest();
    Guest other = api.guest();
    long lobby = host.createLobby("{\"is_hidden\":true}");
    assertThat(member.join(lobby).status()).isEqualTo(200);
    other.createLobby("{}");

    for (Guest shown : new Guest[] {host, member}) {
      for (Guest viewer : new Guest[] {host, member, admin}) {
        assertThat(shownLobby(shown, as(viewer))).isEqualTo(lobby);
        assertThat(searchedLobby(shown, as(viewer))).isEqualTo(lobby);
      }
      assertThat(shownLobby(shown, as(other))).isEqualTo(-1);
      assertThat(searchedLobby(shown, as(other))).isEqualTo(-1);
      assertThat(shownLobby(shown)).isEqualTo(-1);
      assertThat(searchedLobby(shown)).isEqualTo(-1);
      assertThat(shownLobby(shown, "authorization", "Bearer stale")).isEqualTo(-1);
    }
    assertThat(host.get("/api/v1/me").body().getLong("lobby_id")).isEqualTo(lobby);

    assertThat(host.patch("/api/v1/lobbies", "{\"is_hidden\":false}").status()).isEqualTo(200);
    assertThat(shownLobby(member)).isEqualTo(lobby);
    assertThat(searchedLobby(member, as(other))).isEqualTo(lobby);
  }

  @Test
  void aPrivateLobbyOfGameFlowIsEnteredByItsCodeOnEveryWire() throws Exception {
    Guest guest = api.guest();
    try (var watcher = PhoenixClient.connect(api.node().port(), guest.token());
        var ann = GameFlowClient.connect(api.node(), "Ann");
        var bob = GameFlowClient.connect(api.node(), "Bob")) {
      assertThat(watcher.join("lobbies").isOk()).isTrue();
      JsonObject lobby =
          ann.send("lobby:create", "isPrivate", true)
              .receive("lobby:created")
              .getJsonObject("lobby");
      String code = lobby.getString("code");
      var annOnGamend = new Guest(api, 0, ann.token(), "");
      long id = annOnGamend.get("/api/v1/me").body().getLong("lobby_id");
      String path = "/api/v1/lobbies/" + id;

      assertThat(guest.get(path).status()).isEqualTo(404);
      String notFound = guest.join(Long.MAX_VALUE).toString();
      assertThat(notFound).isEqualTo("404 {\"error\":\"not_found\"}");
      assertThat(guest.join(id).toString()).isEqualTo(notFound);
      for (String setting : new String[] {"{\"is_locked\":true}", "{\"password\":\"secret\"}"}) {
        assertThat(annOnGamend.patch("/api/v1/lobbies", setting).status()).isEqualTo(200);
        assertThat(guest.join(id).toString()).isEqualTo(notFound);
      }
      assertThat(
              annOnGamend
                  .patch("/api/v1/lobbies", "{\"is_locked\":false,\"password\":\"\"}")
                  .status())
          .isEqualTo(200);
      assertThat(admin.createLobby("{}")).isPositive();
      assertThat(watcher.await("lobbies", "lobby_created").getLong("id")).isPositive();
      assertThat(admin.join(id).toString()).isEqualTo(notFound);
      assertThat(watcher.join("lobby:" + Long.MAX_VALUE).response())
          .isEqualTo(watcher.join("lobby:" + id).response());
      assertThat(admin.leave().status()).isEqualTo(200);
      for (String wrong :
          new String[] {
            "{\"code\":1}", "{\"code\":\"x\"}", "{\"password\":\"1\"}", "{\"code\":-" + code + "}"
          }) {
        assertThat(guest.post(path + "/join", wrong).toString()).isEqualTo(notFound);
      }
      assertThat(watcher.join("lobby:" + id).isOk()).isFalse();
      String messages = "/api/v1/chat/messages?chat_type=lobby&chat_ref_id=" + id;
      assertThat(guest.get(messages).status()).isEqualTo(403);
      String message =
          JsonObject.of("chat_type", "lobby", "chat_ref_id", id, "content", "hello").encode();
      assertThat(guest.post("/api/v1/chat/messages", message).status()).isEqualTo(403);
      bob.send("lobby:join", "lobbyId", lobby.getString("id"));
      assertThat(bob.receiveError()).isNotEmpty();

      assertThat(guest.post(path + "/join", "{\"code\":" + code + "}").status()).isEqualTo(200);
      assertThat(guest.get(messages).status()).isEqualTo(200);
      assertThat(guest.leave().status()).isEqualTo(200);
      assertThat(guest.post(path + "/join", "{\"password\":\"" + code + "\"}").status())
          .isEqualTo(200);
      bob.send("lobby:join", "code", code);
      bob.receiveLobby("lobby:updated");

      // The feed of public lobbies has told nothing of it; of a public one it does.
      long open = admin.createLobby("{}");
      assertThat(watcher.await("lobbies", "lobby_created").getLong("id")).isEqualTo(open);
      assertThat(admin.leave().status()).isEqualTo(200);
    }
  }

  @Test
  void theTitleOfALobbyDoesNotTellItsCode() {
    try (var ann = GameFlowClient.connect(api.node(), "Ann")) {
      String code = ann.createLobby().getString("code");
      var annOnGamend = new Guest(api, 0, ann.token(), "");
      long id = annOnGamend.get("/api/v1/me").body().getLong("lobby_id");
      assertThat(annOnGamend.get("/api/v1/lobbies/" + id).data().getString("title"))
          .matches("lobby-\\d+")
          .doesNotContain(code);
    }
  }

  @Test
  void aHiddenLobbyOfGamendIsStillJoinedByItsIdAfterItGotTeams() {
    Guest host = api.guest();
    long lobby = host.createLobby("{\"title\":\"got teams\"}");
    // A list on the wire with teams gives teams and a code to every open lobby.
    api.node().get("/lobbies", "authorization", "Bearer " + host.token());
    assertThat(host.patch("/api/v1/lobbies", "{\"is_hidden\":true}").status()).isEqualTo(200);
    assertThat(api.guest().join(lobby).status()).isEqualTo(200);
  }

  @Test
  void onlyAdminsFindPlayersByEmail() {
    String email = "found@example.org";
    long id = register(api, email);
    assertThat(found(api, email)).isZero();
    assertThat(found(api, "FOUND@example.org", as(api.guest()))).isZero();
    assertThat(found(api, Long.toString(id))).isEqualTo(1);
    assertThat(found(api, email, as(admin))).isEqualTo(1);
    assertThat(found(api, "found@example", as(admin))).isZero();
  }

  @Test
  void aSettingLetsEverybodySearchByEmail() {
    try (var open = TestApi.start(Databases.sqlite(), Map.of("SEARCH_BY_EMAIL", "true"))) {
      register(open, "found@example.org");
      assertThat(found(open, "found@example.org")).isEqualTo(1);
    }
  }

  private static long register(TestApi at, String email) {
    String fields = JsonObject.of("email", email, "password", "correct horse 7").encode();
    return at.post("/api/v1/register", fields).data().getLong("user_id");
  }

  private static int found(TestApi at, String text, String... headers) {
    String query = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return at.get("/api/v1/users?q=" + query, headers).body().getJsonArray("data").size();
  }
}
