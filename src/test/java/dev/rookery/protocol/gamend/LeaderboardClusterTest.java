package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Scores are submitted to three nodes at once while one of them is closed and started again; in the
 * end every node ranks as the database does.
 */
final class LeaderboardClusterTest {
  private static final int PLAYERS = 40;
  private static final int WALKERS = 8;
  private static final int STEPS = 40;
  private static final String RECORDS = "/api/v1/leaderboards/%d/records";
  private static final List<String> BOARDS =
      List.of("incr desc", "best desc", "best asc", "set asc");

  private static final String ORDER =
      """
      SELECT id, COALESCE(player_id, -1) AS player, score, submissions
      FROM leaderboard_record WHERE board_id = $1 ORDER BY %s, id
      """;

  @Test
  void everyNodeRanksAsTheDatabaseDoes() throws Exception {
    long seed = Long.getLong("rookery.test.seed", System.nanoTime());
    System.out.println("LeaderboardClusterTest: -Drookery.test.seed=" + seed);
    try (var cluster = TestCluster.start(3);
        var store = TestStore.open(cluster.testDatabase())) {
      String admin = signIn(cluster.node(0), "admin").getString("access_token");
      var players = new ArrayList<Long>();
      for (int i = 0; i < PLAYERS; i++) {
        players.add(signIn(cluster.node(0), "player " + i).getLong("user_id"));
      }
      var boards = new ArrayList<Long>();
      for (String board : BOARDS) {
        boards.add(create(cluster.node(0), admin, board));
      }

      var totals = new ConcurrentHashMap<Long, Long>();
      var submitted = new ConcurrentHashMap<Long, Integer>();
      var stopped = new AtomicBoolean();
      var half = new CountDownLatch(WALKERS * STEPS / 2);
      try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
        var reads = crowd.submit(() -> readUntil(stopped, cluster, boards));
        var walks = new ArrayList<Future<?>>();
        for (int i = 0; i < WALKERS; i++) {
          var walk = new Walk(cluster, admin, players, boards, i, new Random(seed + i));
          walks.add(crowd.submit(() -> walk.run(totals, submitted, half)));
        }
        assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
        cluster.restart(2);
        for (Future<?> walk : walks) {
          walk.get();
        }
        stopped.set(true);
        reads.get();
      }

      assertThat(totals(store, boards.getFirst())).as("each score counts once").isEqualTo(totals);
      assertThat(submissions(store, boards.getFirst())).isEqualTo(submitted);
      for (int i = 0; i < boards.size(); i++) {
        long board = boards.get(i);
        List<Ranked> expected = inDatabase(store, board, BOARDS.get(i).endsWith("desc"));
        assertThat(expected).isNotEmpty();
        for (int node = 0; node < 3; node++) {
          compare(cluster.node(node), board, players, expected);
        }
      }
    }
  }

  private record Ranked(long rank, long player, long score) {}

  /** One client that submits, and repeats what was not answered at another node. */
  private record Walk(
      TestCluster cluster,
      String admin,
      List<Long> players,
      List<Long> boards,
      int number,
      Random random) {
    void run(Map<Long, Long> totals, Map<Long, Integer> submitted, CountDownLatch half) {
      for (int step = 0; step < STEPS; step++, half.countDown()) {
        int kind = random.nextInt(boards.size() + 1);
        long board = boards.get(Math.min(kind, boards.size() - 1));
        long player = players.get(random.nextInt(players.size()));
        int score = 1 + random.nextInt(5);
        if (kind == boards.size()) {
          send("DELETE", "/api/v1/admin/leaderboards/" + board + "/records/user/" + player, null);
          continue;
        }
        boolean label = kind > 0 && random.nextInt(8) == 0;
        var body = new JsonObject().put("score", score);
        body = label ? body.put("label", "label " + player % 5) : body.put("user_id", player);
        String path = "/api/v1/admin/leaderboards/" + board + "/records";
        String key = number + "/" + step;
        send("POST", path, body, "idempotency-key", key);
        if (random.nextInt(3) == 0) {
          send("POST", path, body, "idempotency-key", key);
        }
        if (kind == 0) {
          totals.merge(player, (long) score, Long::sum);
          submitted.merge(player, 1, Integer::sum);
        }
      }
    }

    private void send(String method, String path, JsonObject body, String... headers) {
      var all = new ArrayList<>(List.of("authorization", "Bearer " + admin));
      all.addAll(List.of(headers));
      Eventually.holds(
          () -> {
            HttpResponse<String> response =
                sendTo(
                    cluster.node(random.nextInt(3)),
                    method,
                    path,
                    body == null ? null : body.encode(),
                    all.toArray(String[]::new));
            if (response == null) {
              return false;
            }
            assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
            return response.statusCode() == 200;
          });
    }
  }

  /** The response; null if the node is being closed. */
  private static HttpResponse<String> sendTo(
      TestNode node, String method, String path, String body, String... headers) {
    try {
      return node.send(method, path, body, headers);
    } catch (AssertionError broken) {
      if (broken.getCause() instanceof IOException) {
        return null;
      }
      throw broken;
    }
  }

  private static int readUntil(AtomicBoolean stopped, TestCluster cluster, List<Long> boards) {
    int read = 0;
    while (!stopped.get()) {
      for (long board : boards) {
        var response = sendTo(cluster.node(read++ % 3), "GET", RECORDS.formatted(board), null);
        if (response != null) {
          assertThat(response.statusCode()).isIn(200, 503);
        }
      }
    }
    return read;
  }

  private static void compare(
      TestNode node, long board, List<Long> players, List<Ranked> expected) {
    String path = RECORDS.formatted(board);
    // Another node's last event may still be on its way.
    Eventually.holds(() -> ranked(node, path + "?page_size=100").equals(expected));
    String readsOfSql = readsOfSql(node);
    for (int page = 1; page <= 1 + expected.size() / 7; page++) {
      int from = Math.min(expected.size(), (page - 1) * 7);
      assertThat(ranked(node, path + "?page_size=7&page=" + page))
          .isEqualTo(expected.subList(from, Math.min(expected.size(), from + 7)));
    }
    for (long player : players) {
      var own = expected.stream().filter(one -> one.player == player).findFirst();
      List<Ranked> around = ranked(node, path + "/around/" + player + "?limit=5");
      if (own.isEmpty()) {
        assertThat(around).isEmpty();
      } else {
        int from = (int) Math.max(0, own.get().rank - 3);
        assertThat(around).isEqualTo(expected.subList(from, Math.min(expected.size(), from + 5)));
      }
    }
    assertThat(node.get("/metrics").body())
        .as("the ranks came from the index")
        .containsPattern("rookery_leaderboards_index_entries [1-9]");
    assertThat(readsOfSql(node)).isEqualTo(readsOfSql);
  }

  private static String readsOfSql(TestNode node) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rookery_leaderboards_reads_total{source=\"sql\"}"))
        .collect(Collectors.joining());
  }

  private static List<Ranked> ranked(TestNode node, String path) {
    return new JsonObject(node.get(path).body())
        .getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .map(
                one ->
                    new Ranked(one.getLong("rank"), one.getLong("user_id"), one.getLong("score")))
            .toList();
  }

  private static List<Ranked> inDatabase(TestStore store, long board, boolean descending) {
    var ranked = new ArrayList<Ranked>();
    store
        .database()
        .read(ORDER.formatted(descending ? "score DESC" : "score"), board)
        .all(row -> row)
        .forEach(
            row ->
                ranked.add(
                    new Ranked(ranked.size() + 1, row.number("player"), row.number("score"))));
    return ranked;
  }

  private static Map<Long, Long> totals(TestStore store, long board) {
    var totals = new ConcurrentHashMap<Long, Long>();
    store
        .database()
        .read(ORDER.formatted("score"), board)
        .all(row -> row)
        .forEach(row -> totals.put(row.number("player"), row.number("score")));
    return totals;
  }

  private static Map<Long, Integer> submissions(TestStore store, long board) {
    var submissions = new ConcurrentHashMap<Long, Integer>();
    store
        .database()
        .read(ORDER.formatted("score"), board)
        .all(row -> row)
        .forEach(row -> submissions.put(row.number("player"), (int) row.number("submissions")));
    return submissions;
  }

  private static JsonObject signIn(TestNode node, String device) {
    String body = JsonObject.of("device_id", device + " of the board").encode();
    return new JsonObject(node.post("/api/v1/login/device", body).body()).getJsonObject("data");
  }

  private static long create(TestNode node, String admin, String board) {
    String[] parts = board.split(" ", -1);
    String body =
        JsonObject.of(
                "slug",
                board.replace(' ', '_'),
                "title",
                board,
                "operator",
                parts[0],
                "sort_order",
                parts[1])
            .encode();
    var response =
        node.post("/api/v1/admin/leaderboards", body, "authorization", "Bearer " + admin);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body()).getJsonObject("data").getLong("id");
  }
}
