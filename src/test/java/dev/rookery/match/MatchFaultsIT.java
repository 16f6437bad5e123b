package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.DatabaseInvariants;
import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeMetrics;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills, pauses and stops nodes in the middle of matches: each match ends as its actions would have
 * ended it without a fault, with each acknowledged action once.
 */
@Timeout(600)
final class MatchFaultsIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "ROOKERY_MATCHES_HOSTED_MAX",
          "10000",
          "ROOKERY_SOCKETS_PER_PLAYER_MAX",
          "1000",
          "ROOKERY_ALLOCATION_PROVIDER",
          "match",
          "ROOKERY_ALLOCATION_MATCH_GAME",
          "tic-tac-toe");
  private static final int SEARCHING = 40;
  private static final int OPENING = 8;

  // Before the fault each match has so many actions; the shortest has five.
  private static final int BEFORE = 2;
  private static final int ALL = 9;
  private static final int CARD_MATCHES = 12;
  private static final int USERS = 6;
  private static final long WAITED_MILLIS_MAX = 120_000;

  private static ProcessCluster cluster;
  private static HttpClient client;
  private static RestPlayer admin;

  private final long seed = System.nanoTime();
  private final MatchPace pace = new MatchPace();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    cluster = ProcessCluster.start(3, folder, SETTINGS);
    // The first player of a server is its admin.
    admin = RestPlayer.signIn(client, cluster.uris().getFirst(), "admin");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    client.close();
  }

  private List<ScriptedMatch> startMatches(
      int count, Supplier<List<URI>> nodes, ExecutorService threads) throws Exception {
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<URI> all = nodes.get();
    var matches = new ArrayList<ScriptedMatch>();
    var users = new ArrayList<RestPlayer>();
    for (int i = 0; i < 2 * all.size(); i++) {
      users.add(RestPlayer.signIn(client, all.get(i / 2), "match-" + seed + "-" + i));
    }
    for (int i = 0; i < count; i++) {
      int node = i % all.size();
      matches.add(
          new ScriptedMatch(
              client, nodes, users.get(2 * node), users.get(2 * node + 1), node, random, pace));
    }
    try (var opening = Executors.newFixedThreadPool(OPENING)) {
      var started = new ArrayList<Future<?>>();
      for (ScriptedMatch match : matches) {
        started.add(
            opening.submit(
                () -> {
                  match.start(threads);
                  return null;
                }));
      }
      join(started);
    }
    return matches;
  }

  private List<Future<?>> playUntilFault(List<ScriptedMatch> matches, ExecutorService threads) {
    var playing = new ArrayList<Future<?>>();
    matches.forEach(match -> playing.addAll(match.play(threads)));
    pace.allow(BEFORE);
    pace.awaitTotal((long) BEFORE * matches.size());
    return playing;
  }

  private static void join(List<Future<?>> all) throws InterruptedException {
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException failure) {
        throw new AssertionError(failure.getCause());
      }
    }
  }

  private void finish(List<ScriptedMatch> matches, List<Future<?>> playing) throws Exception {
    join(playing);
    matches.forEach(ScriptedMatch::assertIsWhatItsActionsGive);
    System.out.printf(
        "%d matches, %d sockets connected again, the next action of a room came after %,d ms%n",
        matches.size(),
        matches.stream().mapToInt(ScriptedMatch::reconnects).sum(),
        pace.waitedMillisMax());
    assertThat(pace.waitedMillisMax()).isLessThan(WAITED_MILLIS_MAX);
  }

  /** Rooms that had more than one owner, with the number of owners; rooms that ended leave it. */
  private static Set<String> takenOver() {
    return Set.copyOf(
        DatabaseInvariants.texts(
            cluster.database(),
            "SELECT name || ' ' || epoch FROM lease WHERE name LIKE 'match/%' AND epoch > 1"));
  }

  private static boolean areTakenOverSince(Set<String> before) {
    return !before.containsAll(takenOver());
  }

  @Test
  void goesOnWhenTheOwnerIsKilled() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(90, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      Set<String> before = takenOver();
      pace.allow(ALL);
      pace.awaitTotal(3L * matches.size());
      pace.recordFault();
      cluster.node(0).kill();
      finish(matches, playing);
      assertThat(areTakenOverSince(before)).isTrue();
    }
    cluster.restart(0);
  }

  @Test
  void randomnessAndBotsGoOnAsWithoutAKill() throws Exception {
    List<URI> all = cluster.uris();
    var matches = new ArrayList<CardMatch>();
    for (int i = 0; i < CARD_MATCHES; i++) {
      RestPlayer user =
          RestPlayer.signIn(client, all.get(i % all.size()), "cards-" + seed + "-" + i % USERS);
      matches.add(new CardMatch(client, cluster::uris, user, i, pace));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      join(submit(threads, matches, CardMatch::start));
      pace.allow(2 * BEFORE);
      List<Future<?>> playing = submit(threads, matches, CardMatch::play);
      pace.awaitTotal((long) BEFORE * matches.size());
      Set<String> before = takenOver();
      pace.recordFault();
      cluster.node(0).kill();
      pace.allow(Long.MAX_VALUE);
      join(playing);
      assertThat(areTakenOverSince(before)).isTrue();
    }
    cluster.restart(0);
    for (CardMatch match : matches) {
      match.assertIsWhatItsSeedGives(cluster.database());
    }
    for (String user : Set.copyOf(matches.stream().map(CardMatch::user).toList())) {
      long played = matches.stream().filter(match -> match.user().equals(user)).count();
      assertThat(profile(user).getLong("played")).isEqualTo(played);
    }
    System.out.printf("%d card matches went on as without a kill%n", matches.size());
  }

  private static JsonObject profile(String user) {
    return new JsonObject(
        DatabaseInvariants.texts(
                cluster.database(),
                "SELECT data FROM match_profile WHERE game_key = 'crazy-eights' AND user_key = '"
                    + user
                    + "'")
            .getFirst());
  }

  private interface Step {
    void run(CardMatch match) throws Exception;
  }

  private static List<Future<?>> submit(
      ExecutorService threads, List<CardMatch> matches, Step step) {
    var submitted = new ArrayList<Future<?>>();
    for (CardMatch match : matches) {
      submitted.add(
          threads.submit(
              () -> {
                step.run(match);
                return null;
              }));
    }
    return submitted;
  }

  /** Deploys a version in JavaScript, and waits until all nodes start matches with it. */
  private static void deploy(String version) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    cluster.uris().get(1) + "/api/v1/admin/games/tic-tac-toe/versions/" + version))
            .header("authorization", "Bearer " + admin.token())
            .header("content-type", "application/javascript")
            .PUT(HttpRequest.BodyPublishers.ofString(JavaScriptGame.ticTacToe() + "// " + version));
    assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    for (URI node : cluster.uris()) {
      Eventually.holds(() -> activeAt(node).equals(version));
    }
  }

  private static String activeAt(URI node) {
    try {
      var request = HttpRequest.newBuilder(URI.create(node + "/__info")).build();
      return new JsonObject(client.send(request, BodyHandlers.ofString()).body())
          .getString("deploymentVersion");
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static List<String> roomsOn(String version) {
    return DatabaseInvariants.texts(
        cluster.database(),
        "SELECT room_id FROM match_room WHERE game_version = '" + version + "' ORDER BY room_id");
  }

  private static List<String> rooms(List<ScriptedMatch> matches) {
    return matches.stream().map(ScriptedMatch::room).sorted().toList();
  }

  @Test
  void eachMatchEndsOnTheVersionItBeganWith() throws Exception {
    deploy("js-1");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> old = startMatches(24, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(old, threads);
      deploy("js-2");
      List<ScriptedMatch> later = startMatches(24, cluster::uris, threads);
      later.forEach(match -> playing.addAll(match.play(threads)));
      pace.awaitTotal((long) BEFORE * (old.size() + later.size()));
      pace.recordFault();
      // The others have to go on with both versions, of which they have run no match of these.
      cluster.node(2).kill();
      pace.allow(ALL);
      var all = new ArrayList<>(old);
      all.addAll(later);
      finish(all, playing);
      assertThat(roomsOn("js-1")).isEqualTo(rooms(old));
      assertThat(roomsOn("js-2")).isEqualTo(rooms(later));
    } finally {
      admin
          .atNode(cluster.uris().get(1))
          .post("/api/v1/admin/games/tic-tac-toe/versions/builtin-1/activate", new JsonObject());
    }
    cluster.restart(2);
  }

  @Test
  void refusesTheWritesOfAnOwnerThatWasPaused() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(45, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      Set<String> before = takenOver();
      pace.recordFault();
      NodeProcess paused = cluster.node(1);
      paused.pause();
      try {
        pace.allow(ALL);
        Eventually.holds(() -> areTakenOverSince(before));
      } finally {
        paused.unpause();
      }
      finish(matches, playing);
    }
  }

  @Test
  void handsRoomsOverWhenANodeIsReplaced() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(60, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      pace.recordFault();
      pace.allow(BEFORE + 2);
      assertThat(cluster.node(2).stop()).isZero();
      pace.awaitTotal((BEFORE + 2L) * matches.size());
      System.out.printf("rooms of a stopped node went on after %,d ms%n", pace.waitedMillisMax());
      cluster.restart(2);
      pace.allow(ALL);
      finish(matches, playing);
    }
  }

  @Test
  void eachMatchHasOneRoomWhenTheNodeThatMatchesIsKilled() throws Exception {
    int matching = matchingNode();
    List<URI> others = new ArrayList<>(cluster.uris());
    others.remove(matching);
    var searchers = new ArrayList<MatchSearcher>();
    try {
      for (int i = 0; i < SEARCHING; i++) {
        URI node = others.get(i % others.size());
        var player = RestPlayer.signIn(client, node, "search-" + seed + "-" + i);
        var searcher = new MatchSearcher(client, node, player);
        searchers.add(searcher);
        searcher.join();
      }
      for (int i = 0; i < SEARCHING; i++) {
        if (i == SEARCHING / 2) {
          cluster.node(matching).kill();
        }
        searchers.get(i).search("region-" + seed);
      }
      var players = new TreeMap<String, Set<String>>();
      for (MatchSearcher searcher : searchers) {
        JsonObject room = searcher.found();
        players
            .computeIfAbsent(room.getString("room_id"), _ -> new TreeSet<>())
            .add(Long.toString(searcher.id()));
      }
      assertThat(players).hasSize(SEARCHING / 2);
      players.forEach((room, both) -> assertThat(seated(room)).isEqualTo(both));
      String all =
          searchers.stream()
              .map(searcher -> "'" + searcher.id() + "'")
              .collect(Collectors.joining(","));
      assertThat(
              DatabaseInvariants.texts(
                  cluster.database(),
                  "SELECT DISTINCT room_id FROM match_seat WHERE user_key IN (" + all + ")"))
          .as("no room that nobody was told of")
          .containsExactlyInAnyOrderElementsOf(players.keySet());
    } finally {
      searchers.forEach(MatchSearcher::close);
      cluster.restart(matching);
    }
  }

  private static Set<String> seated(String room) {
    return Set.copyOf(
        DatabaseInvariants.texts(
            cluster.database(), "SELECT user_key FROM match_seat WHERE room_id = '" + room + "'"));
  }

  /** The node that matches players; none may for a moment. */
  private static int matchingNode() {
    var found = new AtomicInteger(-1);
    Eventually.holds(
        () -> {
          for (int i = 0; i < cluster.size(); i++) {
            if (matches(i)) {
              found.set(i);
            }
          }
          return found.get() >= 0;
        });
    return found.get();
  }

  private static boolean matches(int node) {
    String held = "rookery_duties_held{duty=\"matchmaking\"}";
    try {
      URI uri = URI.create(cluster.uris().get(node) + NodeMetrics.path(held));
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return NodeMetrics.sum(answer.body(), held) == 1;
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void goesOnWhenASingleNodeOnSqliteIsRestarted(@TempDir Path folder) throws Exception {
    int port = NodeProcess.freePort();
    NodeProcess node = NodeProcess.start(folder, port, SETTINGS);
    List<URI> nodes = List.of(node.uri(""));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(30, () -> nodes, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      pace.allow(ALL);
      pace.awaitTotal(3L * matches.size());
      pace.recordFault();
      node.kill();
      node = NodeProcess.start(folder, port, SETTINGS);
      finish(matches, playing);
    } finally {
      node.close();
    }
  }
}
