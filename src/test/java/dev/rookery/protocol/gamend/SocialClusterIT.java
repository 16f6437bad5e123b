package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.PhoenixClient.Frame;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestSeed;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages of all kinds and changes of members reach players on all nodes, each once. */
final class SocialClusterIT {
  private static final String MESSAGES = "/api/v1/chat/messages";
  private static final int NODES = 3;
  private static final int PLAYERS = 6;
  private static final int STEPS = 40;

  private static TestCluster cluster;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(NODES);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    cluster.close();
  }

  @Test
  void deliversMessagesOfEachKindOnAllNodesOnce() throws Exception {
    RestPlayer ann = signIn("kinds-ann", 0);
    RestPlayer bob = signIn("kinds-bob", 1);
    RestPlayer cid = signIn("kinds-cid", 2);
    for (RestPlayer friend : List.of(bob, cid)) {
      request(ann, friend);
      request(friend, ann);
    }
    long group =
        ann.post("/api/v1/groups", JsonObject.of("title", "On all nodes")).body().getLong("id");
    long party = ann.post("/api/v1/parties", new JsonObject()).body().getLong("id");
    for (RestPlayer member : List.of(bob, cid)) {
      assertThat(member.post("/api/v1/groups/" + group + "/join", new JsonObject()).ok()).isTrue();
      ann.post("/api/v1/parties/invite", JsonObject.of("target_user_id", member.id()));
      assertThat(
              member.post("/api/v1/parties/invite/accept", JsonObject.of("party_id", party)).ok())
          .isTrue();
    }
    // Each player is connected to another node than the one that takes their commands.
    try (PhoenixClient annSocket = connect(ann, 1);
        PhoenixClient annPhone = connect(ann, 2);
        PhoenixClient bobSocket = connect(bob, 2);
        PhoenixClient cidSocket = connect(cid, 0)) {
      for (PhoenixClient member : List.of(annSocket, bobSocket, cidSocket)) {
        member.joinAndAwait("group:" + group, "updated");
        member.joinAndAwait("party:" + party, "updated");
      }
      send(bob, "friend", ann.id(), "direct");
      send(cid, "group", group, "to the group");
      send(bob, "party", party, "to the party");
      send(ann, "friend", bob.id(), "last");

      // Only messages of one conversation have an order.
      assertThat(messages(annSocket, 4))
          .containsExactlyInAnyOrder("direct", "to the group", "to the party", "last");
      assertThat(messages(annPhone, 2)).containsExactly("direct", "last");
      assertThat(messages(bobSocket, 4))
          .containsExactlyInAnyOrder("direct", "to the group", "to the party", "last");
      send(cid, "friend", ann.id(), "to ann");
      assertThat(messages(cidSocket, 3))
          .containsExactlyInAnyOrder("to the group", "to the party", "to ann");
    }
  }

  @Test
  void givesBothPlayersEachMessageThatWasAcceptedOnce() throws Exception {
    long seed = TestSeed.of("SocialClusterIT, the friends who write");
    var players = new ArrayList<RestPlayer>();
    var sockets = new HashMap<Long, PhoenixClient>();
    for (int i = 0; i < PLAYERS; i++) {
      RestPlayer player = signIn("race-" + i, i % NODES);
      players.add(player);
      sockets.put(player.id(), connect(player, (i + 1) % NODES));
    }
    Map<Long, JsonObject> accepted = new ConcurrentHashMap<>();
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < PLAYERS; i++) {
        RestPlayer player = players.get(i);
        var random = new Random(seed + i);
        running.add(
            crowd.submit(
                () -> {
                  for (int step = 0; step < STEPS; step++) {
                    act(player, players.get(random.nextInt(PLAYERS)), random, accepted);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(accepted).as("with seed %d", seed).isNotEmpty();

    for (RestPlayer player : players) {
      PhoenixClient socket = sockets.get(player.id());
      var expected =
          accepted.values().stream()
              .filter(
                  message ->
                      message.getLong("sender_id") == player.id()
                          || message.getLong("chat_ref_id") == player.id())
              .map(message -> message.getLong("id"))
              .sorted()
              .toList();
      var received = new ArrayList<JsonObject>();
      while (received.size() < expected.size()) {
        received.add(socket.await("user:" + player.id(), "new_chat_message"));
      }
      received.addAll(newMessages(socket.drain()));
      assertThat(received)
          .as("of player %d with seed %d", player.id(), seed)
          .extracting(message -> message.getLong("id"))
          .containsExactlyInAnyOrderElementsOf(expected);
      assertAscendingInEachConversation(player, received, seed);
      socket.close();
    }
  }

  @Test
  void keepsMembersAndWhatFollowersKnowRightUnderRaces() throws Exception {
    long seed = TestSeed.of("SocialRace");
    new SocialRace(cluster, http, seed).run();
  }

  private static void act(
      RestPlayer player, RestPlayer other, Random random, Map<Long, JsonObject> accepted)
      throws Exception {
    RestPlayer somewhere = player.atNode(base(random.nextInt(NODES)));
    switch (random.nextInt(10)) {
      case 0 -> request(somewhere, other);
      case 1 -> endOneFriendship(somewhere);
      case 2 -> answerOneRequest(somewhere, random.nextInt(4) == 0 ? "block" : "accept");
      default -> {
        var sent =
            somewhere.post(
                MESSAGES,
                JsonObject.of("chat_type", "friend", "chat_ref_id", other.id(), "content", "x"));
        if (sent.ok()) {
          accepted.put(sent.body().getLong("id"), sent.body());
        } else {
          assertThat(sent.body().getString("error")).isIn("not_friends", "blocked");
          request(somewhere, other);
        }
      }
    }
  }

  private static void endOneFriendship(RestPlayer player) throws Exception {
    var friends = player.get("/api/v1/me/friends").body().getJsonArray("data");
    if (!friends.isEmpty()) {
      long id = friends.getJsonObject(0).getLong("friendship_id");
      player.send("DELETE", "/api/v1/friends/" + id, null);
    }
  }

  private static void answerOneRequest(RestPlayer player, String answer) throws Exception {
    var incoming = player.get("/api/v1/me/friend-requests").body().getJsonArray("incoming");
    if (!incoming.isEmpty()) {
      long id = incoming.getJsonObject(0).getLong("id");
      player.post("/api/v1/friends/" + id + "/" + answer, new JsonObject());
    }
  }

  private static void assertAscendingInEachConversation(
      RestPlayer player, List<JsonObject> received, long seed) {
    var last = new HashMap<Long, Long>();
    for (JsonObject message : received) {
      long sender = message.getLong("sender_id");
      long other = sender == player.id() ? message.getLong("chat_ref_id") : sender;
      long id = message.getLong("id");
      assertThat(id)
          .as("ids of player %d with %d, seed %d", player.id(), other, seed)
          .isGreaterThan(last.getOrDefault(other, 0L));
      last.put(other, id);
    }
  }

  /** The contents of so many messages, and of those that have arrived after them. */
  private static List<String> messages(PhoenixClient client, int count) {
    var contents = new ArrayList<String>();
    while (contents.size() < count) {
      contents.add(
          client
              .await(frame -> frame.event().equals("new_chat_message"))
              .payload()
              .getString("content"));
    }
    newMessages(client.drain()).forEach(message -> contents.add(message.getString("content")));
    return contents;
  }

  private static List<JsonObject> newMessages(List<Frame> frames) {
    return frames.stream()
        .filter(frame -> frame.event().equals("new_chat_message"))
        .map(Frame::payload)
        .toList();
  }

  private static void send(RestPlayer sender, String type, long reference, String content)
      throws Exception {
    var message = JsonObject.of("chat_type", type, "chat_ref_id", reference, "content", content);
    assertThat(sender.post(MESSAGES, message).status()).isEqualTo(201);
  }

  private static void request(RestPlayer by, RestPlayer target) throws Exception {
    by.post("/api/v1/friends", JsonObject.of("target_user_id", target.id()));
  }

  private static RestPlayer signIn(String device, int node) throws Exception {
    return RestPlayer.signIn(http, base(node), device);
  }

  private static URI base(int node) {
    return cluster.node(node).uri("");
  }

  private static PhoenixClient connect(RestPlayer player, int node) {
    PhoenixClient client = PhoenixClient.connect(cluster.node(node).port(), player.token());
    client.joinAndAwait("user:" + player.id(), "updated");
    return client;
  }
}
