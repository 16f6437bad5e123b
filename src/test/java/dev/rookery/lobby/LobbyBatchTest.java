package dev.rookery.lobby;

import static dev.rookery.testkit.LobbyNode.DEFAULT_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.Allocation;
import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.FindByCode;
import dev.rookery.lobby.LobbyTask.QuickJoinCriteria;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.TestSchema;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What several commands become in one transaction. */
final class LobbyBatchTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final JoinLobby.TeamRequest ANY_TEAM = new JoinLobby.TeamRequest(null);

  private static List<Outcome<Result>> carryOut(LobbyNode node, LobbyTask... tasks) {
    return carryOut(node, new Random(3), tasks);
  }

  private static List<Outcome<Result>> carryOut(
      LobbyNode node, RandomGenerator random, LobbyTask... tasks) {
    return LobbyBatch.carryOut(
        node.database(),
        new LobbyStore(),
        new Players(node.store().clock()),
        node.lobbyDependencies(random),
        List.of(tasks),
        false);
  }

  private static LobbyTask open(PlayerId player) {
    return open(player, null);
  }

  private static LobbyTask open(PlayerId player, @Nullable IdempotentCommand command) {
    return new CreateLobby.Hosted(
        player,
        Lobby.create("a lobby"),
        null,
        PartyRole.LEADER_OR_NONE,
        new FieldErrors(),
        command);
  }

  private static LobbyTask join(PlayerId player, Lobby lobby) {
    return join(player, lobby.id(), null);
  }

  private static LobbyTask join(
      PlayerId player, LobbyId lobby, JoinLobby.@Nullable TeamRequest request) {
    return new JoinLobby.Into(
        player, lobby, request, PartyRole.LEADER_OR_NONE, null, null, null, null);
  }

  private static LobbyTask quickJoin(PlayerId player) {
    return new JoinLobby.Anywhere(
        player,
        new QuickJoinCriteria(null, Map.of()),
        false,
        Lobby.create("a lobby"),
        new FieldErrors(),
        null);
  }

  private static LobbyTask leave(PlayerId player) {
    return new LeaveLobby.LeaveTask(player, null, null);
  }

  private static LobbyTask kick(PlayerId by, PlayerId target) {
    return new LeaveLobby.KickTask(by, target, new NotificationWriter());
  }

  private static LobbyTask ready(PlayerId player, @Nullable Lobby seenIn) {
    return new TeamCommands.ReadyTask(player, seenIn == null ? null : seenIn.id(), true);
  }

  private static Lobby opened(LobbyNode node, PlayerId host) {
    return node.ask(new Open(host, DEFAULT_SETTINGS, null));
  }

  private static Settings seats(int seats) {
    return new Settings(null, seats, null, null, null, null, null);
  }

  private static Lobby now(LobbyNode node, Lobby lobby) {
    return node.ask(new Find(lobby.id())).lobby();
  }

  private static Result result(Outcome<Result> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Result>) outcome).result();
  }

  private static Refusal refusal(Outcome<Result> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected<Result>) outcome).refused().refusal();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesNoTraceOfARefusedCommandBesideASuccessfulOne(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby first = opened(node, ann);
      int before = node.events(Topic.player(ann)).size();
      var key = IdempotentCommand.of(ann, "key", "lobby.open");

      List<Outcome<Result>> outcomes = carryOut(node, open(ann, key), join(bob, first));

      assertThat(refusal(outcomes.getFirst())).isEqualTo(new Refusal.Conflict("already_in_lobby"));
      assertThat(result(outcomes.getLast()).requireLobby().members()).isEqualTo(2);
      assertThat(node.events(Topic.player(ann))).hasSize(before);
      assertThat(store.database().read("SELECT id FROM lobby").size()).isEqualTo(1);
      assertThat(store.database().read("SELECT idem_key FROM idempotency").isEmpty()).isTrue();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void opensLobbiesEachWithItsHostAndItsTeams(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");

      List<Outcome<Result>> opened =
          carryOut(node, open(ann), new CreateLobby.Teams(bob, true, 4, "a title"));

      Lobby plain = result(opened.getFirst()).requireLobby();
      Lobby teams = result(opened.getLast()).requireLobby();
      assertThat(plain.title()).isEqualTo("a lobby");
      assertThat(plain.host()).isEqualTo(ann);
      assertThat(now(node, plain)).isEqualTo(plain);
      assertThat(node.ask(new FindByCode(bob, Objects.requireNonNull(teams.code()), null)).lobby())
          .isEqualTo(teams);
      assertThat(Objects.requireNonNull(teams.roster()).find(bob)).isPresent();
      node.assertInvariants();
      assertThat(node.events(Topic.lobby(teams.id())).getFirst().event())
          .isEqualTo(new LobbyEvent.Opened(teams));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesALobbyAnotherCodeWhenItsCodeIsTaken(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var random = new Random(3);
      Lobby first =
          result(
                  carryOut(
                          node,
                          new Random(3),
                          new CreateLobby.Teams(node.createPlayer("Ann"), false, 4, "first"))
                      .getFirst())
              .requireLobby();
      var bob = node.createPlayer("Bob");

      Lobby second =
          result(carryOut(node, random, new CreateLobby.Teams(bob, false, 4, "second")).getFirst())
              .requireLobby();

      assertThat(second.code()).isNotEqualTo(first.code());
      assertThat(second.title()).isEqualTo("second");
      assertThat(node.events(Topic.lobby(second.id())).getFirst().event())
          .isEqualTo(new LobbyEvent.Opened(second));
      assertThat(now(node, second)).isEqualTo(second);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesThoseWhoJoinWhenTheSeatsAreTaken(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby = node.ask(new Open(node.createPlayer("Ann"), seats(3), null));
      LobbyTask[] crowd =
          IntStream.range(0, 10)
              .mapToObj(i -> join(node.createPlayer("P" + i), lobby))
              .toArray(LobbyTask[]::new);

      List<Outcome<Result>> outcomes = carryOut(node, crowd);

      assertThat(outcomes.subList(0, 2)).allMatch(one -> result(one).joinedAt() != null);
      assertThat(outcomes.subList(2, 10))
          .allMatch(one -> refusal(one).equals(new Refusal.Conflict("full")));
      assertThat(now(node, lobby).members()).isEqualTo(3);
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1))
          .containsExactly("LobbyEvent.Joined", "LobbyEvent.Joined");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesASeatThatIsLeftToTheNextWhoJoins(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = node.ask(new Open(ann, seats(2), null));
      node.ask(new Join(lobby.id(), bob, null));

      List<Outcome<Result>> outcomes =
          carryOut(
              node,
              join(node.createPlayer("Cid"), lobby),
              leave(bob),
              join(node.createPlayer("Dan"), lobby));

      assertThat(refusal(outcomes.getFirst())).isEqualTo(new Refusal.Conflict("full"));
      assertThat(result(outcomes.getLast()).requireLobby().members()).isEqualTo(2);
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 2))
          .containsExactly("LobbyEvent.Left", "LobbyEvent.Joined");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void choosesTheNextHostAmongTheMembersOfThatMoment(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var old = node.createPlayer("Old");
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      Lobby plain = opened(node, ann);
      node.ask(new Join(plain.id(), bob, null));
      node.ask(new Join(plain.id(), cid, null));
      var eve = node.createPlayer("Eve");
      var fay = node.createPlayer("Fay");
      Lobby teams = node.ask(new OpenTeams(eve, false));
      node.ask(new JoinTeam(teams.id(), fay, null, null, null));

      carryOut(node, leave(ann), join(old, plain), leave(bob), leave(eve));

      assertThat(now(node, plain).host()).isEqualTo(old);
      assertThat(now(node, plain).hostName()).isEqualTo("Old");
      assertThat(now(node, plain).members()).isEqualTo(2);
      assertThat(now(node, teams).host()).isEqualTo(fay);
      assertThat(Objects.requireNonNull(now(node, teams).roster()).all()).hasSize(1);
      node.assertInvariants();
      var events = node.events(Topic.lobby(plain.id()));
      assertThat(node.eventNames(Topic.lobby(plain.id()), 3))
          .containsExactly(
              "LobbyEvent.Left",
              "LobbyEvent.HostChanged",
              "LobbyEvent.Joined",
              "LobbyEvent.Left",
              "LobbyEvent.HostChanged");
      assertThat(((LobbyEvent.HostChanged) events.get(4).event()).host()).isEqualTo(bob);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void closesALobbyWhenAllLeaveAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, ann);
      node.ask(new Join(lobby.id(), bob, null));

      List<Outcome<Result>> outcomes =
          carryOut(
              node,
              leave(ann),
              leave(bob),
              leave(node.createPlayer("Cid")),
              join(node.createPlayer("Dan"), lobby));

      assertThat(outcomes.subList(0, 3)).allMatch(one -> result(one).equals(Result.NONE));
      assertThat(refusal(outcomes.getLast())).isEqualTo(new Refusal.Missing("not_found"));
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 2))
          .containsExactly("LobbyEvent.Left", "LobbyEvent.HostChanged", "LobbyEvent.Closed");
      assertThat(store.database().read("SELECT id FROM lobby WHERE closed_ms IS NULL").isEmpty())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void takesOutThoseWhoJoinedRightBeforeAnAdminClosesTheLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, ann);

      carryOut(node, join(bob, lobby), new UpdateLobby.CloseTask(lobby.id()))
          .forEach(LobbyBatchTest::result);

      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1))
          .containsExactly("LobbyEvent.Joined", "LobbyEvent.Closed");
      assertThat(opened(node, bob).members()).isEqualTo(1);
      assertThat(opened(node, ann).members()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void takesPlayersOutOfLobbiesThatAreGoneWhenTheSchemaIsUpdated(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, ann);
      store
          .database()
          .write(
              tx -> {
                tx.run("UPDATE player SET lobby_id = 999 WHERE id = $1", bob.value());
                return tx.run("DELETE FROM flyway_schema_history WHERE version = '0196'");
              });

      TestSchema.migrate(store.location());

      node.assertInvariants();
      assertThat(now(node, lobby).members()).isEqualTo(1);
      assertThat(opened(node, bob).host()).isEqualTo(bob);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void startsAMatchUnlessAPlayerWhoIsNotReadyJoinsBefore(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(new SetReady(ann, true));
      var matchup = new Matchup("a match", List.of(), List.of(), null);
      var allocation = new Allocation(matchup, new GameServer("here", 1, "it"), null);
      var start = new StartMatch.Task(ann, lobby.id(), allocation);

      List<Outcome<Result>> prevented = carryOut(node, join(bob, lobby.id(), ANY_TEAM), start);
      List<Outcome<Result>> done = carryOut(node, ready(bob, null), start);

      assertThat(refusal(prevented.getLast())).isEqualTo(new Refusal.Conflict("not_ready"));
      Match match = Objects.requireNonNull(result(done.getLast()).match());
      assertThat(match.matchup().teamA()).hasSize(1);
      assertThat(match.matchup().teamB()).hasSize(1);
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 3))
          .containsExactly("LobbyEvent.TeamsChanged", "LobbyEvent.MatchStarted");
      assertThat(node.eventNames(Topic.player(bob), 1)).containsExactly("PlayerEvent.Changed");
      node.assertNoMemberHasAConnection();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void tellsALobbyOnceOfAllWhoGetReadyAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      Lobby other = node.ask(new OpenTeams(cid, false));
      carryOut(node, join(bob, lobby.id(), ANY_TEAM));

      List<Outcome<Result>> outcomes =
          carryOut(node, ready(ann, lobby), ready(bob, null), ready(cid, lobby));

      assertThat(outcomes.getLast())
          .as("of a player who is not where they were last seen")
          .isEqualTo(Outcome.retry());
      assertThat(node.events(Topic.lobby(lobby.id())).getLast().event())
          .isEqualTo(new LobbyEvent.TeamsChanged(now(node, lobby)));
      assertThat(Objects.requireNonNull(now(node, lobby).roster()).all())
          .hasSize(2)
          .allMatch(Roster.Entrant::ready);
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 2))
          .containsExactly("LobbyEvent.TeamsChanged");
      assertThat(now(node, other)).isEqualTo(other);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void admitsToAHiddenLobbyWithItsCodeOnly(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby = node.ask(new OpenTeams(node.createPlayer("Ann"), true));
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");

      List<Outcome<Result>> outcomes =
          carryOut(
              node,
              join(bob, lobby.id(), ANY_TEAM),
              new JoinLobby.Into(
                  cid,
                  lobby.id(),
                  new JoinLobby.TeamRequest(Team.A),
                  PartyRole.LEADER_OR_NONE,
                  lobby.code(),
                  null,
                  null,
                  null));

      assertThat(refusal(outcomes.getFirst())).isEqualTo(new Refusal.Denied("private"));
      assertThat(Objects.requireNonNull(now(node, lobby).roster()).teamA()).hasSize(2);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void putsQuickJoinsOfOneBatchIntoTheLobbyThatTheFirstOpens(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby almostFull = node.ask(new Open(node.createPlayer("Ann"), seats(2), null));
      LobbyTask[] crowd =
          IntStream.range(0, 10)
              .mapToObj(i -> quickJoin(node.createPlayer("P" + i)))
              .toArray(LobbyTask[]::new);

      List<LobbyId> joined =
          carryOut(node, crowd).stream().map(one -> result(one).requireLobby().id()).toList();

      assertThat(joined.getFirst()).isEqualTo(almostFull.id());
      assertThat(joined.subList(1, 9)).containsOnly(joined.get(1));
      assertThat(joined.getLast()).isNotIn(joined.subList(0, 9));
      assertThat(node.eventNames(Topic.lobby(joined.get(1)), 0))
          .startsWith("LobbyEvent.Opened", "LobbyEvent.Joined")
          .hasSize(8);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void retriesACommandOfAPlayerWhoWasKickedBefore(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, ann);
      Lobby other = opened(node, node.createPlayer("Cid"));
      node.ask(new Join(lobby.id(), bob, null));

      List<Outcome<Result>> outcomes = carryOut(node, kick(ann, bob), join(bob, other));

      assertThat(result(outcomes.getFirst())).isEqualTo(Result.NONE);
      assertThat(outcomes.getLast()).isEqualTo(Outcome.retry());
      assertThat(result(carryOut(node, join(bob, other)).getFirst()).requireLobby().members())
          .isEqualTo(2);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void asksForAnotherPasswordCheckWhenThePasswordWasChangedMeanwhile(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var first = new Settings(null, null, null, null, "first", null, null);
      Lobby lobby = node.ask(new Open(ann, first, null));
      var unchecked =
          new JoinLobby.Into(
              bob, lobby.id(), null, PartyRole.LEADER_OR_NONE, null, "first", null, null);
      String hash =
          Objects.requireNonNull(result(carryOut(node, unchecked).getFirst()).hashToCheck());
      node.ask(
          new LobbyCommand.Change(ann, new Settings(null, null, null, null, "second", null, null)));
      var checked =
          new JoinLobby.Into(
              bob, lobby.id(), null, PartyRole.LEADER_OR_NONE, null, "first", hash, null);

      Result again = result(carryOut(node, checked).getFirst());

      assertThat(again.hashToCheck()).isNotNull().isNotEqualTo(hash);
      assertThat(node.members(lobby.id())).containsExactly(ann);
      assertThat(node.refusal(new Join(lobby.id(), bob, "first")))
          .isEqualTo(new Refusal.Denied("invalid_password"));
      assertThat(node.ask(new Join(lobby.id(), bob, "second")).lobby().members()).isEqualTo(2);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void carriesOutCommandsOfOnePlayerInTheirOrder(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var lobbies = new ArrayList<Lobby>();
      for (int i = 0; i < 8; i++) {
        lobbies.add(node.ask(new OpenHostless(seats(2))));
      }

      var joins = new ArrayList<Future<?>>();
      for (Lobby lobby : lobbies) {
        joins.add(node.send(new Join(lobby.id(), ann, null)));
        joins.add(node.send(new Leave(ann)));
      }
      joins.add(node.send(new Join(lobbies.getFirst().id(), ann, null)));
      LobbyNode.await(Future.all(joins));

      assertThat(node.members(lobbies.getFirst().id())).containsExactly(ann);
      assertThat(node.events(Topic.player(ann))).hasSize(17);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersAnIdempotencyKeyThatIsRepeatedAtOnceFromTheFirstAnswer(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, node.createPlayer("Ann"));
      var join = new Join(lobby.id(), bob, null, "key");

      List<Future<LobbyCommand.JoinResult>> answers =
          IntStream.range(0, 5).mapToObj(_ -> node.send(join)).toList();
      LobbyNode.await(Future.all(answers));

      assertThat(answers.getFirst().result().at()).isNotNull();
      assertThat(answers.stream().skip(1).map(Future::result))
          .containsOnly(
              new LobbyCommand.JoinResult(answers.getFirst().result().lobby(), false, null));
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1)).containsExactly("LobbyEvent.Joined");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersAnIdempotencyKeyThatAnotherNodeCarriedOut(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, node.createPlayer("Ann"));
      var command = IdempotentCommand.of(bob, "key", "lobby.join");
      var task =
          new JoinLobby.Into(
              bob, lobby.id(), null, PartyRole.LEADER_OR_NONE, null, null, null, command);
      // Its answer is lost.
      Lobby first = result(carryOut(node, task).getFirst()).requireLobby();

      Result again = result(carryOut(node, task).getFirst());

      assertThat(again).isEqualTo(Result.of(first));
      assertThat(node.ask(new Join(lobby.id(), bob, null, "key")).lobby()).isEqualTo(first);
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1)).containsExactly("LobbyEvent.Joined");
    }
  }

  /** On SQLite, where there is one writer, the command waits for the whole transaction. */
  @ParameterizedTest
  @MethodSource(ALL)
  void servesALobbyWhoseRowAnotherTransactionHasLocked(TestStore store) throws Exception {
    try (var node = new LobbyNode(store)) {
      Lobby locked = opened(node, node.createPlayer("Ann"));
      Lobby free = opened(node, node.createPlayer("Bob"));
      var cid = node.createPlayer("Cid");
      var dan = node.createPlayer("Dan");
      var isLocked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      Thread holder =
          Thread.startVirtualThread(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            new LobbyStore().lock(tx, List.of(locked.id()), true);
                            isLocked.countDown();
                            awaitUninterrupted(release);
                            return locked;
                          }));
      isLocked.await();

      var waits = node.send(new Join(locked.id(), cid, null));
      boolean sqlite = store.toString().contains("sqlite");
      if (!sqlite) {
        node.ask(new Join(free.id(), dan, null));
        assertThat(waits.isComplete()).isFalse();
      }
      release.countDown();
      holder.join();

      assertThat(LobbyNode.await(waits).lobby().members()).isEqualTo(2);
      node.assertInvariants();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** On SQLite there is one writer, so nothing comes between. */
  @ParameterizedTest
  @MethodSource(ALL)
  void retriesOnlyTheCommandWhosePlayerHasMovedMeanwhile(TestStore store) {
    boolean sqlite = store.toString().contains("sqlite");
    try (var node = new LobbyNode(store);
        var another = sqlite ? null : store.openSecondNode()) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = opened(node, node.createPlayer("Cid"));
      Lobby elsewhere = node.ask(new OpenHostless(seats(2)));
      var joins = List.of(join(ann, lobby), join(bob, lobby));
      var meanwhile =
          new Interruption(
              () -> {
                if (another != null) {
                  carryOut(another, node, List.of(join(ann, elsewhere)));
                }
              });

      List<Outcome<Result>> outcomes;
      try {
        outcomes = carryOut(node, joins.getFirst(), joins.getLast(), meanwhile);
      } catch (Batcher.LostRace lost) {
        assertThat(lost.commands().equals(Set.of(joins.getFirst()))).isTrue();
        assertThat(node.members(lobby.id())).hasSize(1);
        outcomes = carryOut(node, joins.getLast());
      }

      assertThat(node.members(lobby.id())).contains(bob).hasSize(sqlite ? 3 : 2);
      assertThat(node.members(elsewhere.id())).hasSize(sqlite ? 0 : 1);
    }
  }

  private static List<Outcome<Result>> carryOut(
      TestStore store, LobbyNode node, List<LobbyTask> tasks) {
    return LobbyBatch.carryOut(
        store.database(),
        new LobbyStore(),
        new Players(store.clock()),
        node.lobbyDependencies(new Random(5)),
        tasks,
        false);
  }

  /** Something that happens while a batch is decided. */
  private record Interruption(Runnable work) implements LobbyTask {
    @Override
    public @Nullable PlayerId player() {
      return null;
    }

    @Override
    public void read(Needs needs) {}

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      work.run();
      return () -> new Result(null, false, null, null, null);
    }
  }
}
