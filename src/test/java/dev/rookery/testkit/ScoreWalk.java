package dev.rookery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Submits scores to all nodes at once until it is finished, while nodes come and go, and repeats
 * what was not answered at another node. In the end every score counts once, and the ranks, pages
 * and windows of every node are those that the database computes.
 */
public final class ScoreWalk implements AutoCloseable {
  /** The device of the player who submits; the first player of a server, who is an admin. */
  public static final String ADMIN = "admin of the boards";

  private static final int PLAYERS = 40;
  private static final int WALKERS = 8;
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

  /** Between two requests of one client, so that the nodes have time for their own work. */
  private static final Duration THINK = Duration.ofMillis(50);

  private static final String RECORDS = "/api/v1/leaderboards/%d/records";
  private static final List<String> BOARDS =
      List.of("incr desc", "best desc", "best asc", "set asc");

  private static final String ORDER =
      """
      SELECT id, COALESCE(player_id, -1) AS player, score, submissions
      FROM leaderboard_record WHERE board_id = $1 ORDER BY %s, id
      """;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<List<URI>> nodes;
  private final List<Future<?>> walks = new ArrayList<>();
  private final List<Long> players = new ArrayList<>();
  private final List<Long> boards = new ArrayList<>();
  private final Map<Long, Long> totals = new ConcurrentHashMap<>();
  private final Map<Long, Integer> submitted = new ConcurrentHashMap<>();
  private final AtomicInteger steps = new AtomicInteger();
  private String admin = "";
  private volatile boolean stopped;

  private record Ranked(long rank, long player, long score) {}

  private ScoreWalk(Supplier<List<URI>> nodes) {
    this.nodes = nodes;
  }

  /**
   * @param nodes where the nodes are at the moment, also those that are gone
   */
  public static ScoreWalk start(Supplier<List<URI>> nodes, long seed) {
    var walk = new ScoreWalk(nodes);
    walk.admin = walk.signIn(ADMIN).getString("access_token");
    for (int i = 0; i < PLAYERS; i++) {
      walk.players.add(walk.signIn("player " + i + " of the boards").getLong("user_id"));
    }
    BOARDS.forEach(board -> walk.boards.add(walk.create(board)));
    for (int i = 0; i < WALKERS; i++) {
      int number = i;
      var random = new Random(seed + i);
      walk.walks.add(walk.crowd.submit(() -> walk.submitUntilStopped(number, random)));
    }
    walk.walks.add(walk.crowd.submit(walk::readUntilStopped));
    return walk;
  }

  /** Waits until so many further scores have been submitted. */
  public void awaitSteps(int count) {
    int enough = steps.get() + count;
    Eventually.holds(() -> steps.get() >= enough || walks.stream().anyMatch(Future::isDone));
  }

  /** Stops submitting, and compares every node with the database. */
  public void finish(Databases.TestDatabase database) throws InterruptedException {
    stopped = true;
    for (Future<?> walk : walks) {
      try {
        walk.get();
      } catch (ExecutionException failed) {
        throw new AssertionError("a walk ended", failed.getCause());
      }
    }
    try (var store = TestStore.open(database.shared())) {
      Map<Long, Long> scores = new ConcurrentHashMap<>();
      Map<Long, Integer> submissions = new ConcurrentHashMap<>();
      store
          .database()
          .read(ORDER.formatted("score"), boards.getFirst())
          .all(row -> row)
          .forEach(
              row -> {
                scores.put(row.number("player"), row.number("score"));
                submissions.put(row.number("player"), (int) row.number("submissions"));
              });
      assertThat(scores).as("each score counts once").isEqualTo(totals);
      assertThat(submissions).isEqualTo(submitted);
      for (int i = 0; i < boards.size(); i++) {
        long board = boards.get(i);
        List<Ranked> expected = inDatabase(store, board, BOARDS.get(i).endsWith("desc"));
        assertThat(expected).isNotEmpty();
        for (URI node : nodes.get()) {
          compare(node, board, expected);
        }
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    crowd.shutdownNow();
    crowd.close();
    client.close();
  }

  private void submitUntilStopped(int number, Random random) {
    for (int step = 0; !stopped; step++, steps.incrementAndGet()) {
      Eventually.pause(THINK);
      int kind = random.nextInt(boards.size() + 1);
      long board = boards.get(Math.min(kind, boards.size() - 1));
      long player = players.get(random.nextInt(players.size()));
      String path = "/api/v1/admin/leaderboards/" + board + "/records";
      if (kind == boards.size()) {
        submit(random, "DELETE", path + "/user/" + player, null);
        continue;
      }
      int score = 1 + random.nextInt(5);
      boolean label = kind > 0 && random.nextInt(8) == 0;
      var body = new JsonObject().put("score", score);
      body = label ? body.put("label", "label " + player % 5) : body.put("user_id", player);
      String key = number + "/" + step;
      submit(random, "POST", path, body, "idempotency-key", key);
      if (random.nextInt(3) == 0) {
        submit(random, "POST", path, body, "idempotency-key", key);
      }
      if (kind == 0) {
        totals.merge(player, (long) score, Long::sum);
        submitted.merge(player, 1, Integer::sum);
      }
    }
  }

  /** Sends a request to one node after another until it is answered. */
  private void submit(
      Random random, String method, String path, JsonObject body, String... headers) {
    Eventually.holds(
        () -> {
          List<URI> all = nodes.get();
          HttpResponse<String> response =
              send(all.get(random.nextInt(all.size())), method, path, body, headers);
          if (response == null) {
            return false;
          }
          assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
          return response.statusCode() == 200;
        });
  }

  private int readUntilStopped() {
    int read = 0;
    while (!stopped) {
      for (long board : boards) {
        Eventually.pause(THINK);
        List<URI> all = nodes.get();
        var response = send(all.get(read++ % all.size()), "GET", RECORDS.formatted(board), null);
        if (response != null) {
          assertThat(response.statusCode()).isIn(200, 503);
        }
      }
    }
    return read;
  }

  private void compare(URI node, long board, List<Ranked> expected) {
    String path = RECORDS.formatted(board);
    // Another node's last event may still be on its way.
    Eventually.holds(() -> ranked(node, path + "?page_size=100").equals(expected));
    double readsOfSql = readsOfSql(node);
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
    assertThat(metric(node, "rookery_leaderboards_index_entries"))
        .as("the ranks came from the index")
        .isPositive();
    assertThat(readsOfSql(node)).isEqualTo(readsOfSql);
  }

  private double readsOfSql(URI node) {
    return metric(node, "rookery_leaderboards_reads_total{source=\"sql\"}");
  }

  private double metric(URI node, String series) {
    return NodeMetrics.sum(answer(node, "GET", NodeMetrics.path(series), null).body(), series);
  }

  private List<Ranked> ranked(URI node, String path) {
    return new JsonObject(answer(node, "GET", path, null).body())
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

  private JsonObject signIn(String device) {
    var body = JsonObject.of("device_id", device);
    return data(answer(nodes.get().getFirst(), "POST", "/api/v1/login/device", body));
  }

  private long create(String board) {
    String[] parts = board.split(" ", -1);
    var body =
        JsonObject.of(
            "slug",
            board.replace(' ', '_'),
            "title",
            board,
            "operator",
            parts[0],
            "sort_order",
            parts[1]);
    return data(answer(nodes.get().getFirst(), "POST", "/api/v1/admin/leaderboards", body))
        .getLong("id");
  }

  private static JsonObject data(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body()).getJsonObject("data");
  }

  /** The response of a node that is there. */
  private HttpResponse<String> answer(URI node, String method, String path, JsonObject body) {
    HttpResponse<String> response = send(node, method, path, body);
    assertThat(response).as(method + " " + node + path).isNotNull();
    return response;
  }

  /** The response; null if the node is gone. */
  private HttpResponse<String> send(
      URI node, String method, String path, JsonObject body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(node.toString().replaceAll("/$", "") + path))
            .timeout(ANSWER_WITHIN);
    if (!admin.isEmpty()) {
      request.header("authorization", "Bearer " + admin);
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, BodyPublishers.ofString(body.encode()));
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException _) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
