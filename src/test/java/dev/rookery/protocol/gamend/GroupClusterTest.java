package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.PhoenixClient.Frame;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Members who follow a group on different nodes hear of each change once, in the same order. */
final class GroupClusterTest {
  private static final int NODES = 3;
  private static final int PLAYERS = 6;
  private static final int STEPS = 12;

  @Test
  void tellsFollowersOnAllNodesOfEachChangeOnce() throws Exception {
    long seed = Long.getLong("rookery.test.seed", System.nanoTime());
    System.out.println("GroupClusterTest: -Drookery.test.seed=" + seed);
    try (var cluster = TestCluster.start(NODES);
        var http = HttpClient.newHttpClient()) {
      List<URI> bases =
          IntStream.range(0, NODES)
              .mapToObj(node -> URI.create("http://127.0.0.1:" + cluster.node(node).port()))
              .toList();
      var followers = new ArrayList<RestPlayer>();
      for (int node = 0; node < NODES; node++) {
        followers.add(RestPlayer.signIn(http, bases.get(node), "follower-" + node));
      }
      RestPlayer admin = followers.getFirst();
      long group =
          admin
              .post("/api/v1/groups", JsonObject.of("title", "Followed", "max_members", 7))
              .body()
              .getLong("id");
      for (RestPlayer follower : followers.subList(1, NODES)) {
        assertThat(follower.post(path(group, "join"), new JsonObject()).ok()).isTrue();
      }
      var sockets = new ArrayList<PhoenixClient>();
      try {
        for (int node = 0; node < NODES; node++) {
          var socket =
              PhoenixClient.connect(cluster.node(node).port(), followers.get(node).token());
          sockets.add(socket);
          socket.joinAndAwait("group:" + group, "updated");
        }
        var crowd = new ArrayList<RestPlayer>();
        for (int player = 0; player < PLAYERS; player++) {
          crowd.add(RestPlayer.signIn(http, bases.get(player % NODES), "crowd-" + player));
        }
        race(group, admin, crowd, bases, seed);
        admin.send("PATCH", path(group, ""), JsonObject.of("description", "the end"));
        List<List<String>> heard =
            sockets.stream().map(socket -> heard(socket, "group:" + group)).toList();
        assertThat(heard.getFirst()).isNotEmpty();
        assertThat(heard).allSatisfy(one -> assertThat(one).isEqualTo(heard.getFirst()));
        assertThat(membersAfter(heard.getFirst(), followers)).isEqualTo(members(admin, group));
      } finally {
        sockets.forEach(PhoenixClient::close);
      }
    }
  }

  private static void race(
      long group, RestPlayer admin, List<RestPlayer> crowd, List<URI> bases, long seed)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var walks = new ArrayList<java.util.concurrent.Future<?>>();
      for (RestPlayer player : crowd) {
        var random = new Random(seed + player.id());
        walks.add(
            threads.submit(
                () -> {
                  for (int step = 0; step < STEPS; step++) {
                    URI base = bases.get(random.nextInt(bases.size()));
                    switch (random.nextInt(4)) {
                      case 0 -> player.atNode(base).post(path(group, "leave"), new JsonObject());
                      case 1 ->
                          admin
                              .atNode(base)
                              .post(
                                  path(group, "kick"),
                                  JsonObject.of("target_user_id", player.id()));
                      default -> player.atNode(base).post(path(group, "join"), new JsonObject());
                    }
                  }
                  return null;
                }));
      }
      for (java.util.concurrent.Future<?> walk : walks) {
        walk.get();
      }
    }
  }

  /** What the follower heard until the end, as {@code event player}. */
  private static List<String> heard(PhoenixClient socket, String topic) {
    var heard = new ArrayList<String>();
    while (true) {
      Frame frame = socket.await(one -> one.topic().equals(topic));
      if (frame.event().equals("updated")) {
        return heard;
      }
      heard.add(frame.event() + " " + frame.payload().getLong("user_id"));
    }
  }

  private static TreeSet<Long> membersAfter(List<String> heard, List<RestPlayer> followers) {
    TreeSet<Long> members =
        followers.stream().map(RestPlayer::id).collect(Collectors.toCollection(TreeSet::new));
    for (String one : heard) {
      String[] parts = one.split(" ", -1);
      Long player = Long.valueOf(parts[1]);
      boolean changed =
          parts[0].equals("member_joined") ? members.add(player) : members.remove(player);
      assertThat(changed).as(one).isTrue();
    }
    return members;
  }

  private static TreeSet<Long> members(RestPlayer admin, long group) throws Exception {
    return admin.get(path(group, "members")).body().getJsonArray("data").stream()
        .map(member -> ((JsonObject) member).getLong("user_id"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String path(long group, String action) {
    return "/api/v1/groups/" + group + (action.isEmpty() ? "" : "/" + action);
  }
}
