package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that hooks of an extension follow the changes that players make. */
final class AfterHooksTest {
  private static final String HOOKS =
      """
      var seen = new CopyOnWriteArrayList<String>();
      var keys = ConcurrentHashMap.<String>newKeySet();
      var on = context.afterHooks();
      on.userRegister(e -> { keys.add(e.key()); seen.add("registered " + e.change().id()); });
      on.userLogin(e -> { keys.add(e.key()); seen.add("login " + e.change().id()); });
      on.userUpdated(e -> {
        keys.add(e.key());
        seen.add("updated " + e.change().id() + " " + e.change().displayName());
      });
      on.lobbyCreate(e -> { keys.add(e.key()); seen.add("lobby " + e.change().title()); });
      on.lobbyJoin(e -> {
        keys.add(e.key());
        seen.add("joined " + e.change().userId() + " " + e.change().lobby().users());
      });
      on.lobbyLeave(e -> { keys.add(e.key()); seen.add("left " + e.change().userId()); });
      on.userKicked(e -> {
        keys.add(e.key());
        seen.add("kicked " + e.change().targetId() + " by " + e.change().hostId());
      });
      on.groupCreate(e -> { keys.add(e.key()); seen.add("group " + e.change().title()); });
      on.groupJoin(e -> { keys.add(e.key()); seen.add("member " + e.change().userId()); });
      on.groupKick(e -> {
        keys.add(e.key());
        seen.add("removed " + e.change().targetId() + " by " + e.change().adminId());
      });
      on.partyCreate(e -> { keys.add(e.key()); seen.add("party of " + e.change().leaderId()); });
      on.partyDisband(e -> { keys.add(e.key()); seen.add("party over"); });
      context.functions().add(RpcFunction.named("seen").handledBy(call -> {
        var sorted = new ArrayList<>(seen);
        sorted.add(0, "keys " + keys.size());
        return sorted;
      }));
      """;

  private static List<?> seen(TestApi.Guest guest) {
    return guest
        .post("/api/v1/hooks/call", "{\"plugin\":\"game\",\"fn\":\"seen\"}")
        .body()
        .getJsonArray("data", new io.vertx.core.json.JsonArray())
        .getList();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void followChangesInTheOrderOfTheirSubjects(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      TestApi.Guest ann = api.guest();
      TestNode node = api.node();
      var uploaded =
          node.send(
              HttpRequest.newBuilder(node.uri("/api/v1/admin/extensions/game"))
                  .header("authorization", "Bearer " + ann.token())
                  .header("content-type", "application/octet-stream")
                  .PUT(BodyPublishers.ofByteArray(ExtensionSources.started("1", HOOKS)))
                  .build());
      assertThat(uploaded.statusCode()).isEqualTo(200);

      TestApi.Guest bob = api.guest();
      ann.patch("/api/v1/me/display_name", "{\"display_name\":\"Ann\"}");
      long lobby = ann.post("/api/v1/lobbies", "{\"title\":\"First\"}").body().getLong("id");
      bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
      bob.post("/api/v1/lobbies/leave", "{}");
      bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
      ann.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", bob.id()).encode());
      long group = ann.post("/api/v1/groups", "{\"title\":\"Climbers\"}").body().getLong("id");
      bob.post("/api/v1/groups/" + group + "/join", "{}");
      ann.post(
          "/api/v1/groups/" + group + "/kick", JsonObject.of("target_user_id", bob.id()).encode());
      ann.post("/api/v1/parties", "{}");
      ann.post("/api/v1/parties/leave", null);

      var ofPlayers = List.of("registered " + bob.id(), "login " + bob.id());
      var ofLobby =
          List.of(
              "lobby First",
              "joined " + bob.id() + " 2",
              "left " + bob.id(),
              "joined " + bob.id() + " 2",
              "kicked " + bob.id() + " by " + ann.id());
      var ofGroup =
          List.of(
              "group Climbers", "member " + bob.id(), "removed " + bob.id() + " by " + ann.id());
      var ofParty = List.of("party of " + ann.id(), "party over");
      Eventually.holds(() -> seen(ann).size() >= 14);
      List<String> all = seen(ann).stream().map(String::valueOf).toList();
      for (List<String> subject : List.of(ofPlayers, ofLobby, ofGroup, ofParty)) {
        assertThat(all.stream().filter(subject::contains)).containsExactlyElementsOf(subject);
      }
      assertThat(all).contains("updated " + ann.id() + " Ann", "keys 13").hasSize(14);
    }
  }
}
