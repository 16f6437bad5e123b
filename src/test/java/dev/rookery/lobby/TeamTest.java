package dev.rookery.lobby;

import static dev.rookery.testkit.LobbyNode.DEFAULT_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyCommand.FillBots;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinResult;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.lobby.LobbyCommand.StartMatch;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.FindByCode;
import dev.rookery.lobby.LobbyQuery.ListTeams;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lobbies with teams, by the commands of every wire. */
final class TeamTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private static JoinTeam join(Lobby lobby, PlayerId player) {
    return new JoinTeam(lobby.id(), player, null, null, null);
  }

  private static Lobby now(LobbyNode node, Lobby lobby) {
    return node.ask(new Find(lobby.id())).lobby();
  }

  private static List<String> names(List<Entrant> team) {
    return team.stream().map(Entrant::name).toList();
  }

  private static List<String> names(Matchup matchup) {
    var names = new ArrayList<String>();
    matchup.teamA().forEach(one -> names.add("A " + one.name()));
    matchup.teamB().forEach(one -> names.add("B " + one.name()));
    return names;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void opensALobbyWithACodeAndItsHostInTheFirstTeam(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      Lobby lobby = node.ask(new OpenTeams(ann, true));

      assertThat(lobby.code()).isBetween(100_000, 999_999);
      assertThat(lobby.host()).isEqualTo(ann);
      assertThat(lobby.hidden()).isTrue();
      assertThat(lobby.roster())
          .isEqualTo(new Roster(List.of(new Entrant(ann, "Ann", "Ann", false)), List.of()));
      assertThat(node.ask(new FindByCode(ann, lobby.code(), null)).lobby()).isEqualTo(lobby);
      assertThat(node.refusal(new OpenTeams(ann, false)))
          .isEqualTo(new Refusal.Conflict("already_in_lobby"));
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 0)).containsExactly("LobbyEvent.Opened");
      assertThat(node.eventNames(Topic.player(ann), 0)).containsExactly("PlayerEvent.Changed");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsPlayersIntoAHiddenLobbyOnlyWithItsCode(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby = node.ask(new OpenTeams(node.createPlayer("Ann"), true));
      var bob = node.createPlayer("Bob");
      int wrong = lobby.code() == 999_999 ? 100_000 : lobby.code() + 1;

      assertThat(node.refusal(join(lobby, bob))).isEqualTo(new Refusal.Denied("private"));
      assertThat(node.refusal(new JoinTeam(lobby.id(), bob, wrong, null, null)))
          .isEqualTo(new Refusal.Denied("private"));
      assertThat(node.refusal(new FindByCode(bob, wrong, null)))
          .isEqualTo(new Refusal.Missing("lobby_not_found"));
      node.ask(new JoinTeam(lobby.id(), bob, lobby.code(), Team.A, null));
      assertThat(names(now(node, lobby).roster().teamA())).containsExactly("Ann", "Bob");
      assertThat(node.ask(new ListTeams(100))).isEmpty();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void putsPlayersOfOtherWiresIntoTeamsToo(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby = node.ask(new OpenTeams(node.createPlayer("Ann"), false));
      node.ask(new Join(lobby.id(), node.createPlayer("Bob"), null));
      node.ask(new QuickJoin(node.createPlayer("Cid"), null, null, Map.of(), null));

      Roster roster = now(node, lobby).roster();
      assertThat(names(roster.teamA())).containsExactly("Ann", "Cid");
      assertThat(names(roster.teamB())).containsExactly("Bob");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesALobbyTeamsWhenAPlayerJoinsWhoNeedsThem(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby plain = node.ask(new Open(ann, DEFAULT_SETTINGS, null));
      node.ask(new Join(plain.id(), bob, null));
      assertThat(now(node, plain).roster()).isNull();
      JoinResult result = node.ask(join(plain, node.createPlayer("Cid")));

      assertThat(result.lobby().code()).isNotNull();
      assertThat(names(result.lobby().roster().teamA())).containsExactly("Ann", "Cid");
      assertThat(names(result.lobby().roster().teamB())).containsExactly("Bob");
      node.ask(new SetReady(bob, true));
      assertThat(now(node, plain).roster().find(bob).orElseThrow().ready()).isTrue();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesListedLobbiesTeamsOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby plain = node.ask(new Open(node.createPlayer("Ann"), DEFAULT_SETTINGS, null));
      Lobby teams = node.ask(new OpenTeams(node.createPlayer("Bob"), false));
      node.ask(new OpenTeams(node.createPlayer("Cid"), true));
      List<Lobby> listed = node.ask(new ListTeams(100));

      assertThat(listed).extracting(Lobby::id).containsExactly(plain.id(), teams.id());
      assertThat(listed.getFirst().roster()).isNotNull();
      assertThat(listed).extracting(Lobby::code).doesNotHaveDuplicates().doesNotContainNull();
      assertThat(node.ask(new ListTeams(100))).isEqualTo(listed);
      assertThat(node.ask(new ListTeams(1))).extracting(Lobby::id).containsExactly(teams.id());
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesPlayersWhoLeaveOrAreKickedFromTheirTeamsAndChoosesTheNextHost(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      var dan = node.createPlayer("Dan");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(new JoinTeam(lobby.id(), bob, null, Team.B, null));
      node.ask(new JoinTeam(lobby.id(), cid, null, Team.A, null));
      node.ask(new Join(lobby.id(), dan, null));
      node.ask(new Kick(ann, dan));
      node.ask(new Leave(ann));

      Lobby after = now(node, lobby);
      assertThat(after.host()).isEqualTo(cid);
      assertThat(names(after.roster().teamA())).containsExactly("Cid");
      assertThat(names(after.roster().teamB())).containsExactly("Bob");
      LobbyEvent.Left left =
          node.events(Topic.lobby(lobby.id())).stream()
              .map(posted -> posted.event())
              .filter(LobbyEvent.Left.class::isInstance)
              .map(LobbyEvent.Left.class::cast)
              .findFirst()
              .orElseThrow();
      assertThat(left.lobby().host()).isEqualTo(cid);
      assertThat(left.lobby().roster().find(ann)).isEmpty();
      node.ask(new Leave(bob));
      node.ask(new Leave(cid));
      assertThat(node.refusal(new Find(lobby.id())))
          .isEqualTo(new Refusal.Missing("lobby_not_found"));
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsOnlyTheHostFillUpWithBotsAndRejectsPlayersInNoLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var nowhere = new Refusal.Conflict("not_in_lobby");
      Lobby lobby = node.ask(new OpenTeams(ann, false));

      assertThat(node.refusal(new FillBots(bob))).isEqualTo(nowhere);
      assertThat(node.refusal(new SetReady(bob, true))).isEqualTo(nowhere);
      assertThat(node.refusal(new StartMatch(bob))).isEqualTo(nowhere);
      node.ask(join(lobby, bob));
      assertThat(node.refusal(new FillBots(bob))).isEqualTo(new Refusal.Denied("not_host"));
      assertThat(node.refusal(new StartMatch(bob))).isEqualTo(new Refusal.Denied("not_host"));
      Lobby filled = node.ask(new FillBots(ann));
      assertThat(names(filled.roster().teamA())).containsExactly("Ann", "Bot 1");
      assertThat(names(filled.roster().teamB())).containsExactly("Bob", "Bot 2");
      assertThat(filled.members()).isEqualTo(2);
      assertThat(node.ask(new FillBots(ann)).roster()).isEqualTo(filled.roster());
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void startsAMatchWhenAllAreReadyAndEmptiesTheLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(join(lobby, bob));
      node.ask(new SetReady(ann, true));
      assertThat(node.refusal(new StartMatch(ann))).isEqualTo(new Refusal.Conflict("not_ready"));
      node.ask(new SetReady(bob, true));
      int before = node.events(Topic.lobby(lobby.id())).size();
      Match match = node.ask(new StartMatch(ann, lobby.id()));

      assertThat(names(match.matchup())).containsExactly("A Ann", "B Bob");
      assertThat(match.server().port()).isEqualTo(4000);
      assertThat(node.eventNames(Topic.lobby(lobby.id()), before))
          .containsExactly("LobbyEvent.MatchStarted");
      assertThat(node.members(lobby.id())).isEmpty();
      assertThat(node.refusal(new StartMatch(ann))).isEqualTo(new Refusal.Conflict("not_in_lobby"));
      assertThat(node.ask(new OpenTeams(ann, false)).id()).isNotEqualTo(lobby.id());
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void actsOnTheLobbyOfThePlayerAndNotTheOneLastSeen(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby left = node.ask(new OpenTeams(bob, false));
      node.ask(join(left, ann));
      node.ask(new Leave(ann));
      Lobby lobby = node.ask(new OpenTeams(ann, false));

      assertThat(node.ask(new SetReady(ann, true, left.id())).id()).isEqualTo(lobby.id());
      assertThat(names(node.ask(new StartMatch(ann, left.id())).matchup()))
          .containsExactly("A Ann");
      assertThat(node.refusal(new StartMatch(ann, left.id())))
          .isEqualTo(new Refusal.Conflict("not_in_lobby"));
      assertThat(node.refusal(new SetReady(ann, true, left.id())))
          .isEqualTo(new Refusal.Conflict("not_in_lobby"));
      assertThat(node.members(left.id())).containsExactly(bob);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheLobbyWhenNoServerIsAllocated(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(new SetReady(ann, true));
      var none = new Refusal.Unavailable("allocation_failed");
      node.useAllocator(_ -> Future.failedFuture(new Refused(none)));

      assertThat(node.refusal(new StartMatch(ann))).isEqualTo(none);
      assertThat(node.members(lobby.id())).containsExactly(ann);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void checksTheTeamsAgainWhenTheServerIsAllocated(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(join(lobby, bob));
      node.ask(new SetReady(ann, true));
      node.ask(new SetReady(bob, true));

      Future<Match> prevented = startedWhile(node, ann, join(lobby, node.createPlayer("Cid")));
      LobbyNode.await(prevented.otherwiseEmpty());
      assertThat(prevented.cause()).hasMessage("not_ready");
      var cid = node.members(lobby.id()).getLast();
      node.ask(new SetReady(cid, true));
      Match match = LobbyNode.await(startedWhile(node, ann, new Leave(bob)));
      assertThat(names(match.matchup())).containsExactly("A Ann", "A Cid");
      node.assertInvariants();
    }
  }

  private static Future<Match> startedWhile(
      LobbyNode node, PlayerId host, LobbyCommand<?> meanwhile) {
    Promise<Matchup> asked = Promise.promise();
    Promise<GameServer> server = Promise.promise();
    node.useAllocator(
        matchup -> {
          asked.complete(matchup);
          return server.future();
        });
    Future<Match> started = node.send(new StartMatch(host));
    LobbyNode.await(asked.future());
    node.ask(meanwhile);
    server.complete(new GameServer("far", 7777, "server"));
    return started;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesOnlyMembersWhoseNodeHasEnded(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(join(lobby, bob));
      node.ask(new Join(lobby.id(), cid, null));
      long ended = DisconnectedMembersTest.endedRun(store);
      store
          .database()
          .write(
              tx ->
                  tx.run("UPDATE player SET lobby_run = $1 WHERE id = $2", ended, ann.value())
                      .size());

      Eventually.holds(
          () -> {
            node.member().heartbeat();
            return node.members(lobby.id()).equals(List.of(bob, cid));
          });
      assertThat(now(node, lobby).host()).isEqualTo(cid);
      node.ask(new Leave(bob));
      node.ask(new Leave(cid));
      node.assertNoMemberHasAConnection();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsEverythingConsistentWithManyPlayersOfAllWires(TestStore store) throws Exception {
    long seed = TestSeed.of("TeamTest on " + store);
    try (var node = new LobbyNode(store)) {
      var players = new ArrayList<PlayerId>();
      for (int i = 0; i < 12; i++) {
        players.add(node.createPlayer("p" + i));
      }
      try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
        var walks = new ArrayList<java.util.concurrent.Future<?>>();
        for (PlayerId player : players) {
          var random = new Random(seed + player.value());
          walks.add(crowd.submit(() -> walk(node, player, players, random)));
        }
        for (java.util.concurrent.Future<?> walk : walks) {
          walk.get();
        }
      }
      node.assertInvariants();
    }
  }

  private static void walk(LobbyNode node, PlayerId player, List<PlayerId> players, Random random) {
    for (int step = 0; step < 40; step++) {
      try {
        node.ask(step(node, player, players, random));
      } catch (Refused refused) {
        assertThat(refused.refusal().code())
            .isNotIn("internal", "timeout", "lobby_busy", "no_free_code");
      }
    }
  }

  private static dev.rookery.bus.Command<?> step(
      LobbyNode node, PlayerId player, List<PlayerId> players, Random random) {
    var other = players.get(random.nextInt(players.size()));
    return switch (random.nextInt(10)) {
      case 0 -> new OpenTeams(player, random.nextBoolean());
      case 1 -> new Open(player, DEFAULT_SETTINGS, null);
      case 2 -> new QuickJoin(player, null, null, Map.of(), null);
      case 3, 4 -> {
        List<Lobby> all = node.ask(new ListTeams(100));
        yield all.isEmpty()
            ? new OpenTeams(player, false)
            : join(all.get(random.nextInt(all.size())), player);
      }
      case 5, 6 -> new SetReady(player, random.nextInt(4) > 0);
      case 7 -> random.nextBoolean() ? new FillBots(player) : new Kick(player, other);
      case 8 -> new StartMatch(player);
      default -> new Leave(player);
    };
  }
}
