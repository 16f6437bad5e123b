package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests channels, rooms, routes and tables of extensions as clients see them. */
final class ExtensionFacilitiesTest {
  private static final String TOPIC = "x:game:arena";

  /** Answers messages, and runs a room that answers what it is sent. */
  private static final String CHANNEL =
      """
      context.rooms().serve(lease -> {
        context.channels().broadcast(lease.room(), "owned", Map.of("version", context.version()));
        while (lease.awaitTick(java.time.Duration.ofMillis(50))) {
          for (JsonObject message : lease.takeMessages()) {
            if (message.containsKey("late")) {
              sendLate(context, lease, message);
              continue;
            }
            context.channels().broadcastTransient(lease.room(), "heard",
                message.put("by", context.version()));
          }
        }
      });
      context.channels().serve("", new ChannelHandler() {
        @Override public Object join(ChannelJoin join) {
          if (join.payload().containsKey("refuse")) {
            throw new RpcException("full");
          }
          if (join.payload().containsKey("fail")) {
            throw new IllegalStateException("no board");
          }
          return Map.of("you", join.member().caller().id(), "topic", join.member().topic());
        }
        @Override public Object message(ChannelMessage message) throws Exception {
          String topic = message.member().topic();
          switch (message.event()) {
            case "say":
              context.channels().broadcast(topic, "said", message.payload());
              return null;
            case "move":
              context.channels().broadcastTransient(topic, "moved", message.payload());
              return 7;
            case "open":
              context.rooms().open(topic);
              return null;
            case "tell":
              context.rooms().send(topic, message.payload());
              return null;
            case "huge":
              context.channels().broadcast(topic, "huge", Map.of("x", "x".repeat(65_536)));
              return null;
            case "reserved":
              context.channels().broadcast(topic, "phx_close", Map.of());
              return null;
            default:
              return ChannelHandler.super.message(message);
          }
        }
        @Override public void leave(ChannelMember member) {
          context.channels().broadcast(member.topic(), "gone", Map.of("id", member.caller().id()));
        }
      });
      """;

  static byte[] withChannel(String version) {
    return ExtensionSources.jar(
        version,
        "public final class Main implements Extension {\n"
            + LATE
            + "@Override public void start(ExtensionContext context) throws Exception {\n"
            + CHANNEL
            + "}}");
  }

  private static void upload(TestNode node, TestApi.Guest admin, byte[] jar) {
    var response = node.send(uploadOf(node, admin, jar));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private static HttpRequest uploadOf(TestNode node, TestApi.Guest admin, byte[] jar) {
    return HttpRequest.newBuilder(node.uri("/api/v1/admin/extensions/game"))
        .header("authorization", "Bearer " + admin.token())
        .header("content-type", "application/octet-stream")
        .PUT(BodyPublishers.ofByteArray(jar))
        .build();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void servesChannelsAndRooms(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      TestApi.Guest ann = api.guest();
      TestApi.Guest bob = api.guest();
      int port = api.node().port();
      upload(api.node(), ann, withChannel("1"));
      try (var first = PhoenixClient.connect(port, ann.token());
          var second = PhoenixClient.connect(port, bob.token());
          var anonymous = PhoenixClient.anonymous(port)) {
        for (String wrong : new String[] {"x:other:arena", "x:game:", "x:game", "x:game:a b"}) {
          assertThat(first.join(wrong).response().getString("reason")).isEqualTo("unmatched topic");
        }
        assertThat(anonymous.join(TOPIC).response().getString("reason")).isEqualTo("unauthorized");
        assertThat(reason(first, "refuse")).isEqualTo("full");
        assertThat(reason(first, "fail")).isEqualTo("join crashed");

        JsonObject joined = first.join(TOPIC).response();
        assertThat(joined).isEqualTo(JsonObject.of("you", ann.id(), "topic", "arena"));
        var resumable = JsonObject.of("resume", new JsonObject());
        JsonObject position = second.join(TOPIC, resumable).response();
        assertThat(position.getBoolean("recovered")).isFalse();

        assertThat(first.call(TOPIC, "say", JsonObject.of("text", "hi")).response()).isEmpty();
        assertThat(first.await(TOPIC, "said")).isEqualTo(JsonObject.of("text", "hi"));
        assertThat(second.await(TOPIC, "said").getString("text")).isEqualTo("hi");
        assertThat(first.call(TOPIC, "move", JsonObject.of("x", 1)).response())
            .isEqualTo(JsonObject.of("data", 7));
        assertThat(second.await(TOPIC, "moved")).isEqualTo(JsonObject.of("x", 1));
        for (String failing : new String[] {"huge", "reserved"}) {
          assertThat(error(first, failing)).isEqualTo("unexpected_error");
        }
        assertThat(error(first, "else")).isEqualTo("unknown_event");

        // What was missed comes with the position; what was not stored does not.
        second.leave(TOPIC);
        assertThat(first.await(TOPIC, "gone").getLong("id")).isEqualTo(bob.id());
        assertThat(first.call(TOPIC, "say", JsonObject.of("text", "missed")).isOk()).isTrue();
        JsonObject resumed =
            second
                .join(
                    TOPIC,
                    JsonObject.of(
                        "resume",
                        JsonObject.of(
                            "epoch",
                            position.getValue("epoch"),
                            "offset",
                            position.getValue("offset"))))
                .response();
        assertThat(resumed.getBoolean("recovered")).isTrue();
        assertThat(second.await(TOPIC, "said").getString("text")).isEqualTo("hi");
        assertThat(second.await(TOPIC, "gone").getLong("id")).isEqualTo(bob.id());
        assertThat(second.await(TOPIC, "said").getString("text")).isEqualTo("missed");

        first.call(TOPIC, "open", new JsonObject());
        assertThat(first.await(TOPIC, "owned").getString("version")).isEqualTo("1");
        first.call(TOPIC, "tell", JsonObject.of("n", 1));
        assertThat(second.await(TOPIC, "heard")).isEqualTo(JsonObject.of("n", 1, "by", "1"));

        // Clients and rooms stay while the version is replaced.
        upload(api.node(), ann, withChannel("2"));
        assertThat(first.await(TOPIC, "owned").getString("version")).isEqualTo("2");
        first.call(TOPIC, "tell", JsonObject.of("n", 2));
        assertThat(second.await(TOPIC, "heard")).isEqualTo(JsonObject.of("n", 2, "by", "2"));

        assertThat(ann.delete("/api/v1/admin/extensions/game").status()).isEqualTo(200);
        assertThat(error(first, "say")).isEqualTo("not_found");
        first.await(TOPIC, "phx_close");
      }
    }
  }

  /** Tries to store events as a node does that was paused, and tells how that went. */
  private static final String LATE =
      """
      static void sendLate(ExtensionContext context, RoomLease lease, JsonObject message) {
        int refused = 0;
        try {
          lease.broadcast(lease.room(), "late", message);
        } catch (RoomLostException lost) {
          refused++;
        }
        try {
          context.channels().broadcast(lease.room(), "late", message);
        } catch (RoomLostException lost) {
          refused++;
        }
        var told = Map.of("refused", refused);
        context.executor().execute(
            () -> context.channels().broadcast(lease.room(), "told", told));
      }
      """;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void refusesStoredEventsOfRoomThatPassedToAnotherNode(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      TestApi.Guest ann = api.guest();
      upload(api.node(), ann, withChannel("1"));
      try (var client = PhoenixClient.connect(api.node().port(), ann.token())) {
        client.join(TOPIC);
        client.call(TOPIC, "open", new JsonObject());
        client.await(TOPIC, "owned");
        client.call(TOPIC, "tell", JsonObject.of("late", 1));
        assertThat(client.await(TOPIC, "late")).isEqualTo(JsonObject.of("late", 1));
        assertThat(client.await(TOPIC, "late")).isEqualTo(JsonObject.of("late", 1));
        assertThat(client.await(TOPIC, "told")).isEqualTo(JsonObject.of("refused", 0));

        String room = "extension-room/game/arena";
        String taken = "UPDATE lease SET epoch = epoch + 1 WHERE name = '" + room + "'";
        assertThat(database.update(taken)).isEqualTo(1);
        client.call(TOPIC, "tell", JsonObject.of("late", 2));
        assertThat(client.await(TOPIC, "told")).isEqualTo(JsonObject.of("refused", 2));
        assertThat(client.drain()).noneMatch(frame -> frame.event().equals("late"));
      }
    }
  }

  private static String reason(PhoenixClient client, String field) {
    return client.join(TOPIC, JsonObject.of(field, true)).response().getString("reason");
  }

  private static String error(PhoenixClient client, String event) {
    return client.call(TOPIC, event, new JsonObject()).response().getString("error");
  }

  private static final String PAGES =
      """
      var pool = context.database();
      context.http().add("GET", "/", call -> HttpReply.html("<p>" + context.version() + "</p>"));
      context.http().add("GET", "/files/*", call -> HttpReply.text(call.parameters().get("*")));
      context.http().add("GET", "/fail", call -> { throw new IllegalStateException("no"); });
      context.http().add("POST", "/scores/:player", call -> {
        int points = call.json().getInteger("points");
        // What follows a transaction on the same connection must be committed as well.
        pool.withTransaction(tx -> tx
            .query("INSERT INTO score (player, points) VALUES ('tx', 1)").execute())
            .await();
        pool.query("INSERT INTO score (player, points) VALUES ('"
            + call.parameters().get("player") + "', " + points + ")").execute().await();
        return HttpReply.empty(204);
      });
      context.http().add("POST", "/leak", call -> {
        var tx = pool.getConnection().await();
        tx.begin().await();
        tx.query("INSERT INTO score (player, points) VALUES ('leak', 1)").execute().await();
        return HttpReply.empty(204);
      });
      context.http().add("GET", "/scores", call -> {
        long caller = call.requireCaller().id();
        var found = new JsonArray();
        for (var row : pool.query("SELECT player, points FROM score ORDER BY id").execute()
            .await()) {
          found.add(row.getString("player") + "=" + row.getInteger("points"));
        }
        return HttpReply.json(JsonObject.of("caller", caller, "scores", found))
            .withHeader("x-game", "dice");
      });
      """;

  /** Lets in who joins, after a message of another client or with too long a response. */
  private static final String LATE_JOINS =
      """
      private static final java.util.concurrent.Semaphore GO =
          new java.util.concurrent.Semaphore(0);
      @Override public void start(ExtensionContext context) {
        context.channels().serve("", new ChannelHandler() {
          @Override public Object join(ChannelJoin join) {
            if (join.payload().containsKey("late")) {
              GO.acquireUninterruptibly();
            }
            return join.payload().containsKey("long") ? "x".repeat(2 << 20) : null;
          }
          @Override public Object message(ChannelMessage message) {
            GO.release();
            return null;
          }
          @Override public void leave(ChannelMember member) {
            context.channels().broadcast(
                member.topic(), "gone", Map.of("id", member.caller().id()));
          }
        });
      }
      """;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void clientLeavesThatWasLetInTooLateOrWithoutResponse(Databases.TestDatabase database) {
    byte[] jar =
        ExtensionSources.jar(
            "1", "public final class Main implements Extension {\n" + LATE_JOINS + "}");
    try (var api = TestApi.start(database, Map.of("ROOKERY_EXTENSIONS_CALL_TIMEOUT", "2s"))) {
      TestApi.Guest ann = api.guest();
      TestApi.Guest bob = api.guest();
      int port = api.node().port();
      upload(api.node(), ann, jar);
      try (var first = PhoenixClient.connect(port, ann.token());
          var second = PhoenixClient.connect(port, bob.token())) {
        assertThat(first.join(TOPIC).isOk()).isTrue();
        var late = second.join(TOPIC, JsonObject.of("late", true)).response();
        assertThat(late.getString("reason")).isEqualTo("timeout");
        assertThat(first.call(TOPIC, "go", new JsonObject()).isOk()).isTrue();
        assertThat(first.await(TOPIC, "gone").getLong("id")).isEqualTo(bob.id());

        var unsent = second.join(TOPIC, JsonObject.of("long", true)).response();
        assertThat(unsent.getString("reason")).isEqualTo("join crashed");
        assertThat(first.await(TOPIC, "gone").getLong("id")).isEqualTo(bob.id());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void servesRoutesAndKeepsTables(Databases.TestDatabase database) {
    var tables = new HashMap<String, String>();
    tables.put(
        "migrations/V1__score.sql",
        "CREATE TABLE score (id ${identity}, player TEXT NOT NULL, points INTEGER NOT NULL);");
    try (var api = TestApi.start(database, Map.of("ROOKERY_EXTENSIONS_PATHS", "/arcade=game"))) {
      TestApi.Guest ann = api.guest();
      TestNode node = api.node();
      assertThat(node.get("/x/game/").statusCode()).isEqualTo(404);
      upload(node, ann, ExtensionSources.started("1", PAGES, tables));

      assertThat(node.get("/x/game").body()).isEqualTo("<p>1</p>");
      assertThat(node.get("/arcade").body()).isEqualTo("<p>1</p>");
      assertThat(node.get("/arcade/files/a/b.js").body()).isEqualTo("a/b.js");
      assertThat(node.get("/x/game/none").statusCode()).isEqualTo(404);
      assertThat(node.get("/x/other/").statusCode()).isEqualTo(404);
      assertThat(node.get("/x/game/fail").statusCode()).isEqualTo(500);
      assertThat(node.post("/x/game/scores/ann", "[]").statusCode()).isEqualTo(400);
      assertThat(node.post("/x/game/scores/ann", "{\"points\":7}").statusCode()).isEqualTo(204);
      assertThat(node.get("/x/game/scores").statusCode()).isEqualTo(401);
      assertThat(node.get("/x/game/scores", "authorization", "Bearer x").statusCode())
          .isEqualTo(401);
      var scores = node.get("/x/game/scores", "authorization", "Bearer " + ann.token());
      assertThat(new JsonObject(scores.body()))
          .isEqualTo(
              JsonObject.of(
                  "caller", ann.id(), "scores", new JsonArray().add("tx=1").add("ann=7")));
      assertThat(scores.headers().firstValue("x-game")).hasValue("dice");

      // The next version adds a table; the first still runs after a rollback.
      tables.put("migrations/V2__more.sql", "ALTER TABLE score ADD COLUMN note TEXT;");
      upload(node, ann, ExtensionSources.started("2", PAGES, tables));
      assertThat(node.get("/x/game").body()).isEqualTo("<p>2</p>");
      tables.put("migrations/V3__wrong.sql", "CREATE TABLE score (id INTEGER);");
      var wrong = node.send(uploadOf(node, ann, ExtensionSources.started("3", PAGES, tables)));
      assertThat(wrong.statusCode()).isEqualTo(422);
      assertThat(wrong.body()).contains("a migration failed");
      // What it does not give back ends with it: all its connections, in open transactions.
      int connections = database.url().startsWith("postgres") ? 5 : 1;
      for (int i = 0; i < connections; i++) {
        assertThat(node.post("/x/game/leak", "").statusCode()).isEqualTo(204);
      }
      assertThat(ann.post("/api/v1/admin/extensions/game/rollback", "{}").status()).isEqualTo(200);
      assertThat(node.get("/x/game").body()).isEqualTo("<p>1</p>");
      var kept = node.get("/x/game/scores", "authorization", "Bearer " + ann.token());
      assertThat(kept.body()).isEqualTo(scores.body());
      assertThat(node.post("/x/game/scores/bob", "{\"points\":7}").statusCode()).isEqualTo(204);

      assertThat(ann.delete("/api/v1/admin/extensions/game").status()).isEqualTo(200);
      assertThat(node.get("/x/game").statusCode()).isEqualTo(404);
      assertThat(node.get("/arcade").statusCode()).isEqualTo(404);
    }
  }
}
