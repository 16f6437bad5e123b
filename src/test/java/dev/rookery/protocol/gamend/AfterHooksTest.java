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
import java.util.Set;
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
      on.lobbyLeave(e -> { keys.add(e.key()); seen.add("left " + e.change().userId() + " "
          + e.change().displayName()); });
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

  private static final String FAILING =
      """
      var seen = new CopyOnWriteArrayList<String>();
      var failing = new AtomicBoolean();
      context.afterHooks().lobbyCreate(e -> {
        if (failing.get()) {
          throw new IllegalStateException("what a player wrote");
        }
        seen.add(e.key());
      });
      context.schedules().daily("report", 3, 0, run -> seen.add(run.jobName()));
      context.functions().add(RpcFunction.named("fail").taking("on", boolean.class).handledBy(
          call -> { failing.set(call.argument(0, boolean.class)); return null; }));
      context.functions().add(RpcFunction.named("seen").handledBy(call -> List.copyOf(seen)));
      """;

  // As if the hook had failed five times when it ran.
  private static final String PARK =
      """
      INSERT INTO parked_event
        (consumer, id, stream, epoch, seq_offset, type, payload, reason, at_ms, committed_ms)
      SELECT 'extension:game', id, stream, epoch, seq_offset, type, payload, 'x', at_ms, at_ms
      FROM outbox WHERE type = 'LobbyEvent.Opened'
      """;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void adminsSeeAndRepeatParkedChangesAndJobs(Databases.TestDatabase database) {
    String parked = "/api/v1/admin/extensions/game/parked";
    String jobs = "/api/v1/admin/extensions/game/schedules";
    try (var api = TestApi.start(database)) {
      TestApi.Guest ann = api.guest();
      TestApi.Guest bob = api.guest();
      assertThat(ann.get(parked).status()).isEqualTo(404);
      assertThat(ann.get(jobs).status()).isEqualTo(404);
      upload(api.node(), ann, FAILING);
      assertThat(bob.get(parked).status()).isEqualTo(403);
      assertThat(bob.get(jobs).status()).isEqualTo(403);
      ann.post("/api/v1/lobbies", "{\"title\":\"First\"}");
      Eventually.holds(() -> seen(ann).size() == 1);
      assertThat(ann.get(parked).body().getJsonArray("data")).isEmpty();
      assertThat(database.update(PARK)).isEqualTo(1);
      JsonObject change = ann.get(parked).body().getJsonArray("data").getJsonObject(0);
      assertThat(change.getString("change")).isEqualTo("LobbyEvent.Opened");
      String one = parked + "/" + change.getLong("id");

      call(ann, "fail", "[true]");
      var failed = ann.post(one + "/retry", null);
      assertThat(failed.status()).isEqualTo(422);
      assertThat(failed.body())
          .isEqualTo(JsonObject.of("error", "hook_failed", "message", "hook_exception"));
      assertThat(ann.get(parked).body().getJsonArray("data").getJsonObject(0).getString("reason"))
          .isEqualTo("refused: hook_exception");
      call(ann, "fail", "[false]");
      assertThat(ann.post(one + "/retry", null).status()).isEqualTo(200);
      // With the key of the first time.
      assertThat(seen(ann)).hasSize(2);
      assertThat(Set.copyOf(seen(ann))).hasSize(1);
      assertThat(ann.get(parked).body().getJsonObject("meta").getInteger("total_count")).isZero();
      assertThat(ann.post(one + "/retry", null).status()).isEqualTo(404);
      assertThat(database.update(PARK)).isEqualTo(1);
      assertThat(ann.delete(one).status()).isEqualTo(200);
      assertThat(ann.delete(one).status()).isEqualTo(404);

      assertThat(ann.post(jobs + "/none/run", null).status()).isEqualTo(404);
      assertThat(bob.post(jobs + "/report/run", null).status()).isEqualTo(403);
      assertThat(ann.post(jobs + "/report/run", null).status()).isEqualTo(200);
      Eventually.holds(() -> seen(ann).contains("report"));
      Eventually.holds(() -> job(ann.get(jobs)).getString("ended_at") != null);
      JsonObject job = job(ann.get(jobs));
      assertThat(job.getString("name")).isEqualTo("report");
      assertThat(job.getString("schedule")).isEqualTo("0 3 * * *");
      assertThat(job.getBoolean("running")).isFalse();
      assertThat(job.getString("next_at")).contains("T03:00:00");
      assertThat(job.getValue("error")).isNull();
    }
  }

  private static JsonObject job(TestApi.Response response) {
    return response.body().getJsonArray("data").getJsonObject(0);
  }

  private static void call(TestApi.Guest guest, String function, String arguments) {
    String body = "{\"plugin\":\"game\",\"fn\":\"%s\",\"args\":%s}".formatted(function, arguments);
    assertThat(guest.post("/api/v1/hooks/call", body).status()).isEqualTo(200);
  }

  private static void upload(TestNode node, TestApi.Guest admin, String statements) {
    var uploaded =
        node.send(
            HttpRequest.newBuilder(node.uri("/api/v1/admin/extensions/game"))
                .header("authorization", "Bearer " + admin.token())
                .header("content-type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(ExtensionSources.started("1", statements)))
                .build());
    assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(200);
  }

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
      upload(node, ann, HOOKS);

      TestApi.Guest bob = api.guest();
      ann.patch("/api/v1/me/display_name", "{\"display_name\":\"Ann\"}");
      long lobby = ann.post("/api/v1/lobbies", "{\"title\":\"First\"}").body().getLong("id");
      bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
      bob.post("/api/v1/lobbies/leave", "{}");
      bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
      ann.post("/api/v1/lobbies/kick", JsonObject.of("target_user_id", bob.id()).encode());
      ann.post("/api/v1/lobbies/leave", "{}");
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
              "left " + bob.id() + " ",
              "joined " + bob.id() + " 2",
              "kicked " + bob.id() + " by " + ann.id(),
              "left " + ann.id() + " Ann");
      var ofGroup =
          List.of(
              "group Climbers", "member " + bob.id(), "removed " + bob.id() + " by " + ann.id());
      var ofParty = List.of("party of " + ann.id(), "party over");
      Eventually.holds(() -> seen(ann).size() >= 15);
      List<String> all = seen(ann).stream().map(String::valueOf).toList();
      for (List<String> subject : List.of(ofPlayers, ofLobby, ofGroup, ofParty)) {
        assertThat(all.stream().filter(subject::contains)).containsExactlyElementsOf(subject);
      }
      assertThat(all).contains("updated " + ann.id() + " Ann", "keys 14").hasSize(15);
    }
  }
}
