package dev.rookery.lobby;

import static dev.rookery.testkit.LobbyNode.DEFAULT_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.GameServer;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Batched.Arrival;
import dev.rookery.lobby.Batched.Departure;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.lobby.Batched.Readiness;
import dev.rookery.lobby.Batched.Start;
import dev.rookery.lobby.Batched.Wish;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.SetReady;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.player.Players;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What several players do in one transaction. */
final class BatchTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Wish ANY = new Wish(null, null);

  private static Map<PlayerId, Outcome> together(LobbyNode node, Batched... all) {
    var players = new Players(node.store().clock());
    var rows = new BatchStore();
    long run = node.member().run();
    return node.database().write(tx -> new Batch(tx, rows, players).carryOut(List.of(all), run));
  }

  private static Lobby open(LobbyNode node, PlayerId host) {
    return node.ask(new Open(host, DEFAULT_SETTINGS, null));
  }

  private static Lobby now(LobbyNode node, Lobby lobby) {
    return node.ask(new Find(lobby.id(), null)).lobby();
  }

  private static Lobby lobby(Map<PlayerId, Outcome> outcomes, PlayerId player) {
    Outcome outcome = Objects.requireNonNull(outcomes.get(player));
    return Objects.requireNonNull(outcome.lobby());
  }

  private static Opening opening(PlayerId player) {
    return new Opening(player, Draft.fresh("a lobby"), null, null);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whoWouldComeIntoALobbyThatIsOnlyJustOpenedIsLeftOut(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby first = open(node, ann);
      var next = new LobbyId(first.id().value() + 1);

      // Ann sits in one already, so hers comes to nothing; its id was to be guessed.
      assertThat(together(node, opening(ann), new Arrival(bob, next, null))).isEmpty();

      node.assertInvariants();
      assertThat(now(node, first)).isEqualTo(first);
      assertThat(node.events(Topic.lobby(next))).isEmpty();
      assertThat(node.events(Topic.player(bob))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void lobbiesAreOpenedEachWithItsHostAndItsTeams(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var team = new Opening(bob, Draft.team("with teams", 4, true), null, 123_456);

      Map<PlayerId, Outcome> opened = together(node, opening(ann), team);

      assertThat(lobby(opened, ann).title()).isEqualTo("a lobby");
      assertThat(lobby(opened, ann).host()).isEqualTo(ann);
      Lobby teams = lobby(opened, bob);
      assertThat(node.ask(new Find(null, 123_456)).lobby()).isEqualTo(teams);
      assertThat(Objects.requireNonNull(teams.roster()).find(bob)).isPresent();
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(teams.id()), 0)).containsExactly("LobbyEvent.Opened");
      assertThat(
              together(
                  node, new Opening(node.createPlayer("Cid"), Draft.fresh("x"), null, 123_456)))
          .as("with a code that another lobby has")
          .isEmpty();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void moreWhoComeAtOnceThanThereAreSeatsAreLeftOut(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby =
          node.ask(
              new Open(
                  node.createPlayer("Ann"),
                  new Settings(null, 3, null, null, null, null, null),
                  null));
      Batched[] crowd =
          IntStream.range(0, 10)
              .mapToObj(i -> new Arrival(node.createPlayer("P" + i), lobby.id(), null))
              .toArray(Batched[]::new);

      assertThat(together(node, crowd)).hasSize(2);
      assertThat(now(node, lobby).members()).isEqualTo(3);
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1))
          .containsExactly("LobbyEvent.Joined", "LobbyEvent.Joined");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whenHostsLeaveSomebodyWhoStaysFollows(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      var dan = node.createPlayer("Dan");
      Lobby plain = open(node, ann);
      node.ask(new Join(plain.id(), bob, null));
      node.ask(new Join(plain.id(), cid, null));
      var eve = node.createPlayer("Eve");
      var fay = node.createPlayer("Fay");
      Lobby teams = node.ask(new OpenTeams(eve, false));
      node.ask(new JoinTeam(teams.id(), fay, null, null, null));

      Map<PlayerId, Outcome> left =
          together(
              node,
              new Departure(ann),
              new Departure(bob),
              new Arrival(dan, plain.id(), null),
              new Departure(eve));

      assertThat(left).containsOnlyKeys(ann, bob, dan, eve);
      assertThat(now(node, plain).host()).isEqualTo(cid);
      assertThat(now(node, plain).hostName()).isEqualTo("Cid");
      assertThat(now(node, plain).members()).isEqualTo(2);
      assertThat(now(node, teams).host()).isEqualTo(fay);
      assertThat(Objects.requireNonNull(now(node, teams).roster()).all()).hasSize(1);
      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(plain.id()), 3))
          .containsExactly(
              "LobbyEvent.Joined", "LobbyEvent.Left", "LobbyEvent.HostChanged", "LobbyEvent.Left");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aLobbyEndsWhenAllLeaveAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = open(node, ann);
      node.ask(new Join(lobby.id(), bob, null));
      var nowhere = node.createPlayer("Cid");

      assertThat(together(node, new Departure(ann), new Departure(bob), new Departure(nowhere)))
          .containsOnlyKeys(ann, bob, nowhere);

      node.assertInvariants();
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 2))
          .containsExactly("LobbyEvent.Left", "LobbyEvent.Closed");
      assertThat(store.database().read("SELECT id FROM lobby WHERE closed_ms IS NULL").isEmpty())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aMatchStartsWhenAllAreReadyAndNotWhenSomebodyComes(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      node.ask(new SetReady(ann, true));
      var start = new Start(ann, lobby.id(), "a match", new GameServer("here", 1, "it"));

      assertThat(together(node, start, new Arrival(bob, lobby.id(), ANY)))
          .as("he who came is not ready")
          .containsOnlyKeys(bob);
      Map<PlayerId, Outcome> done = together(node, start, new Readiness(bob, null, true));

      assertThat(done).containsOnlyKeys(ann, bob);
      Match match = Objects.requireNonNull(Objects.requireNonNull(done.get(ann)).match());
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
  void aLobbyHearsOnceOfAllWhoGetReadyAtOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");
      Lobby lobby = node.ask(new OpenTeams(ann, false));
      Lobby other = node.ask(new OpenTeams(cid, false));
      together(node, new Arrival(bob, lobby.id(), ANY));

      assertThat(
              together(
                  node,
                  new Readiness(ann, lobby.id(), true),
                  new Readiness(bob, null, true),
                  new Readiness(cid, lobby.id(), true)))
          .as("who is not where he was last seen is left out")
          .containsOnlyKeys(ann, bob);

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
  void aHiddenLobbyIsEnteredWithItsCodeOnly(TestStore store) {
    try (var node = new LobbyNode(store)) {
      Lobby lobby = node.ask(new OpenTeams(node.createPlayer("Ann"), true));
      var bob = node.createPlayer("Bob");
      var cid = node.createPlayer("Cid");

      assertThat(
              together(
                  node,
                  new Arrival(bob, lobby.id(), ANY),
                  new Arrival(cid, lobby.id(), new Wish(lobby.code(), Team.A))))
          .containsOnlyKeys(cid);
      assertThat(Objects.requireNonNull(now(node, lobby).roster()).teamA()).hasSize(2);
      node.assertInvariants();
    }
  }
}
