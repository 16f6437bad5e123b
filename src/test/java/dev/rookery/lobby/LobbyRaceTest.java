package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyCommand.Change;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinResult;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import dev.rookery.lobby.LobbyQuery.Show;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many players compete for few seats. What was refused changed nothing, and all stays consistent.
 */
final class LobbyRaceTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final int PLAYERS = 24;
  private static final int STEPS = 40;
  private static final int SEATS = 3;
  private static final int QUICK_JOIN_TRIES = 3;

  /** The count fell below zero once: each waited for the row that the first one emptied. */
  @ParameterizedTest
  @MethodSource(ALL)
  void givesOneSeatBackWhenAPlayerLeavesManyTimesAtOnce(TestStore store) throws Exception {
    try (var node = new LobbyNode(store)) {
      PlayerId player = players(node, 1).getFirst();
      LobbyId lobby = node.ask(new OpenHostless(seats(SEATS))).id();
      for (int round = 0; round < 5; round++) {
        node.ask(new Join(lobby, player, null));
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
          var leaving = new ArrayList<java.util.concurrent.Future<?>>();
          for (int i = 0; i < 16; i++) {
            leaving.add(crowd.submit(() -> node.ask(new Leave(player))));
          }
          for (java.util.concurrent.Future<?> one : leaving) {
            one.get();
          }
        }
        assertThat(node.ask(new Show(lobby)).lobby().members()).isZero();
      }
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsEverythingConsistentWithManyPlayersAndFewSeats(TestStore store) throws Exception {
    long seed = TestSeed.of("LobbyRaceTest on " + store);
    try (var node = new LobbyNode(store)) {
      List<PlayerId> players = players(node, PLAYERS);
      var lobbies = new ArrayList<LobbyId>();
      for (int i = 0; i < 2; i++) {
        lobbies.add(node.ask(new OpenHostless(seats(SEATS))).id());
      }
      Map<String, Long> outcomes = new ConcurrentHashMap<>();

      try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
        var walks = new ArrayList<java.util.concurrent.Future<?>>();
        for (PlayerId player : players) {
          walks.add(
              crowd.submit(
                  () -> walk(node, player, players, new Random(seed + player.value()), outcomes)));
        }
        for (java.util.concurrent.Future<?> walk : walks) {
          walk.get();
        }
      }

      System.out.println("  " + outcomes);
      assertThat(outcomes).doesNotContainKeys("internal", "lobby_busy", "timeout");
      node.assertInvariants();
      assertRostersFollowFromEvents(node);
      List<LobbyId> open =
          store
              .database()
              .read("SELECT id FROM lobby WHERE closed_ms IS NULL AND hidden = 0")
              .all(row -> new LobbyId(row.number("id")));
      assertThat(open).containsAll(lobbies);
      for (LobbyId lobby : open) {
        LobbySnapshot shown = node.ask(new Show(lobby));
        assertThat(shown.members()).hasSize(shown.lobby().members());
        assertThat(shown.position())
            .isEqualTo(node.events(Topic.lobby(lobby)).getLast().position());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void seatsEverybodyOnceInTenThousandQuickJoinsAtOnce(TestStore store) {
    int crowd = 10_000;
    try (var node = new LobbyNode(store)) {
      List<PlayerId> players = players(node, crowd);

      List<Future<Lobby>> answers =
          players.stream().map(player -> quickJoin(node, player, QUICK_JOIN_TRIES)).toList();
      LobbyNode.await(Future.join(answers).otherwiseEmpty());

      assertThat(answers.stream().filter(Future::failed).map(Future::cause)).isEmpty();
      node.assertInvariants();
      Map<LobbyId, Long> seated =
          answers.stream()
              .map(answer -> answer.result().id())
              .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
      assertThat(seated.values()).allMatch(members -> members <= 8);
      long inLobbies =
          store
              .database()
              .read("SELECT count(*) AS n FROM player WHERE lobby_id IS NOT NULL")
              .row(0)
              .number("n");
      assertThat(inLobbies).isEqualTo(crowd);
      // A quick join that finds no lobby opens one; only those at the same moment open one each.
      assertThat(seated.size()).isBetween(crowd / 8, crowd / 8 + 64);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesTheLastSeatToOneOfMany(TestStore store) {
    try (var node = new LobbyNode(store)) {
      List<PlayerId> players = players(node, 16);
      var lobby = node.ask(new OpenHostless(seats(1)));

      List<Future<JoinResult>> answers =
          players.stream().map(player -> node.send(new Join(lobby.id(), player, null))).toList();
      LobbyNode.await(Future.join(answers).otherwiseEmpty());

      assertThat(answers.stream().filter(Future::succeeded)).hasSize(1);
      assertThat(answers.stream().filter(Future::failed).map(answer -> refusal(answer.cause())))
          .containsOnly(new Refusal.Conflict("full"));
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void seatsAPlayerWhoJoinsEverywhereAtOnceInOneLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var joins = new ArrayList<Future<JoinResult>>();
      for (int i = 0; i < 12; i++) {
        var lobby = node.ask(new OpenHostless(seats(2)));
        joins.add(node.send(new Join(lobby.id(), ann, null)));
      }
      LobbyNode.await(Future.join(joins).otherwiseEmpty());

      assertThat(joins.stream().filter(Future::succeeded)).hasSize(1);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersEachOfManyJoinsAtOnceByItself(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var wanted = new ArrayList<Object>();
      var joins = new ArrayList<Future<?>>();
      var seated = new ArrayList<PlayerId>();
      for (int i = 0; i < 60; i++) {
        Lobby lobby = node.ask(new Open(node.createPlayer("Host " + i), settings(i), null));
        var player = node.createPlayer("Player " + i);
        seated.add(player);
        if (i % 6 == 5) {
          node.ask(new Open(player, seats(2), null));
        }
        joins.add(node.send(new Join(lobby.id(), player, null)));
        wanted.add(
            switch (i % 6) {
              case 1 -> new Refusal.Conflict("full");
              case 2 -> new Refusal.Denied("locked");
              case 3 -> new Refusal.Denied("password_required");
              case 5 -> new Refusal.Conflict("already_in_lobby");
              default -> lobby.id();
            });
      }
      joins.add(node.send(new Join(new LobbyId(999_999), node.createPlayer("Nowhere"), null)));
      wanted.add(new Refusal.Missing("not_found"));
      LobbyNode.await(Future.join(joins).otherwiseEmpty());

      assertThat(joins.stream().map(LobbyRaceTest::told).toList()).isEqualTo(wanted);
      node.assertInvariants();

      var leaves = seated.stream().map(player -> node.send(new Leave(player))).toList();
      LobbyNode.await(Future.all(leaves));
      assertThat(
              node.database()
                  .read("SELECT count(*) AS n FROM player WHERE lobby_id IS NOT NULL")
                  .row(0)
                  .number("n"))
          .isEqualTo(60);
      node.assertInvariants();
    }
  }

  private static Settings settings(int i) {
    return new Settings(
        null, i % 6 == 1 ? 1 : 4, null, i % 6 == 2, i % 6 == 3 ? "secret" : null, null, null);
  }

  private static Object told(Future<?> answer) {
    return answer.succeeded()
        ? ((JoinResult) answer.result()).lobby().id()
        : refusal(answer.cause());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsNextHostsAndClosesLobbiesWhenManyLeaveAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var hosts = new ArrayList<PlayerId>();
      var lobbies = new ArrayList<Lobby>();
      var successors = new ArrayList<PlayerId>();
      for (int i = 0; i < 30; i++) {
        var host = node.createPlayer("Host " + i);
        hosts.add(host);
        lobbies.add(node.ask(new Open(host, seats(4), null)));
        if (i % 2 == 0) {
          successors.add(node.createPlayer("Successor " + i));
        }
      }
      LobbyNode.await(
          Future.all(
              successors.stream()
                  .map(
                      successor ->
                          node.send(
                              new Join(
                                  lobbies.get(2 * successors.indexOf(successor)).id(),
                                  successor,
                                  null)))
                  .toList()));

      LobbyNode.await(Future.all(hosts.stream().map(host -> node.send(new Leave(host))).toList()));

      for (int i = 0; i < lobbies.size(); i++) {
        String stream = Topic.lobby(lobbies.get(i).id());
        if (i % 2 == 0) {
          assertThat(node.members(lobbies.get(i).id())).containsExactly(successors.get(i / 2));
          assertThat(node.eventNames(stream, 2))
              .containsExactly("LobbyEvent.Left", "LobbyEvent.HostChanged");
        } else {
          assertThat(node.eventNames(stream, 1)).containsExactly("LobbyEvent.Closed");
        }
      }
      node.assertInvariants();
    }
  }

  /** Repeats a quick join that is refused since there are too many at once, as a client does. */
  private static Future<Lobby> quickJoin(LobbyNode node, PlayerId player, int tries) {
    return node.send(new QuickJoin(player, null, 8, Map.of(), null))
        .recover(
            failure ->
                tries > 0 && refusal(failure) instanceof Refusal.Unavailable
                    ? quickJoin(node, player, tries - 1)
                    : Future.failedFuture(failure));
  }

  private static Void walk(
      LobbyNode node,
      PlayerId self,
      List<PlayerId> players,
      Random random,
      Map<String, Long> outcomes) {
    for (int step = 0; step < STEPS; step++) {
      var lobby = new LobbyId(1 + random.nextInt(8));
      LobbyCommand<?> command =
          switch (random.nextInt(12)) {
            case 0 -> new Open(self, seats(SEATS), null);
            case 1, 2, 3, 4 -> new Join(lobby, self, null);
            case 5, 6 -> new QuickJoin(self, null, SEATS, Map.of(), null);
            case 7, 8, 9 -> new Leave(self);
            case 10 -> new Kick(self, fellow(node, self, players, random));
            default -> new Change(self, seats(2 + random.nextInt(2)));
          };
      String outcome;
      try {
        node.ask(command);
        outcome = command.getClass().getSimpleName();
      } catch (Refused refused) {
        outcome = refused.refusal().code();
      }
      outcomes.merge(outcome, 1L, Long::sum);
    }
    return null;
  }

  /** Another member of the same lobby if there is one, else any player. */
  private static PlayerId fellow(
      LobbyNode node, PlayerId self, List<PlayerId> players, Random random) {
    List<PlayerId> fellows =
        node.database()
            .read(
                """
                SELECT id FROM player WHERE id <> $1
                  AND lobby_id = (SELECT lobby_id FROM player WHERE id = $1)
                """,
                self.value())
            .all(row -> new PlayerId(row.number("id")));
    List<PlayerId> from = fellows.isEmpty() ? players : fellows;
    return from.get(random.nextInt(from.size()));
  }

  /** A client that followed a lobby from its beginning knows its members. */
  private static void assertRostersFollowFromEvents(LobbyNode node) {
    List<String> streams =
        node.store().published().stream()
            .map(CommittedEvent::stream)
            .filter(stream -> stream.startsWith("lobby:"))
            .distinct()
            .toList();
    for (String stream : streams) {
      var roster = new TreeSet<Long>();
      Long host = null;
      for (CommittedEvent posted : node.events(stream)) {
        switch (posted.event()) {
          case LobbyEvent.Opened(var lobby) -> {
            host = lobby.host() == null ? null : lobby.host().value();
            if (host != null) {
              roster.add(host);
            }
          }
          case LobbyEvent.Joined(_, var player) ->
              assertThat(roster.add(player.id().value())).as(stream).isTrue();
          case LobbyEvent.Left(_, var player, _) ->
              assertThat(roster.remove(player.value())).as(stream).isTrue();
          case LobbyEvent.Kicked(_, var player, _) ->
              assertThat(roster.remove(player.value())).as(stream).isTrue();
          case LobbyEvent.HostChanged(_, var player, _) -> host = player.value();
          case LobbyEvent.Closed(_, var player) -> {
            assertThat(roster).as(stream).containsExactly(player.value());
            roster.clear();
          }
          default -> {}
        }
        assertThat(roster).hasSizeLessThanOrEqualTo(SEATS);
      }
      var lobby = new LobbyId(Long.parseLong(stream.substring("lobby:".length())));
      assertThat(node.members(lobby).stream().map(PlayerId::value))
          .as(stream)
          .containsExactlyElementsOf(roster);
      if (host != null && !roster.isEmpty()) {
        assertThat(roster).as("host of " + stream).contains(host);
      }
    }
  }

  private static List<PlayerId> players(LobbyNode node, int count) {
    var players = new ArrayList<PlayerId>();
    for (int from = 0; from < count; from += 500) {
      int first = from;
      players.addAll(
          node.database()
              .write(
                  tx -> {
                    var made = new ArrayList<PlayerId>();
                    for (int i = first; i < Math.min(first + 500, count); i++) {
                      made.addAll(
                          tx.run(
                                  """
                                  INSERT INTO player (uuid, display_name, created_ms, updated_ms)
                                  VALUES ($1, $2, 1, 1) RETURNING id
                                  """,
                                  "u" + i,
                                  "P" + i)
                              .all(row -> new PlayerId(row.number("id"))));
                    }
                    return made;
                  }));
    }
    return players;
  }

  private static Settings seats(int seats) {
    return new Settings(null, seats, null, null, null, null, null);
  }

  private static Refusal refusal(Throwable cause) {
    return ((Refused) cause).refusal();
  }
}
