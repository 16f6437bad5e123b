package dev.rookery.lobby;

import static dev.rookery.testkit.LobbyNode.DEFAULT_SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Missing;
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
import dev.rookery.lobby.LobbyCommand.Unwatch;
import dev.rookery.lobby.LobbyCommand.Watch;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import dev.rookery.lobby.LobbyQuery.Show;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LobbyTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void makesThePlayerWhoOpensALobbyItsHostAndFirstMember(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");

      Lobby lobby =
          node.ask(
              new Open(
                  ann, new Settings("Room", 4, false, true, "", Map.of("map", "forest"), 9), null));

      assertThat(lobby)
          .isEqualTo(
              new Lobby(
                  lobby.id(),
                  "Room",
                  ann,
                  "Ann",
                  false,
                  4,
                  false,
                  true,
                  false,
                  Map.of("map", "forest"),
                  9,
                  1,
                  1));
      assertThat(shown(node, lobby).members()).extracting(Player::id).containsExactly(ann);
      assertThat(shown(node, lobby).lobby()).isEqualTo(lobby);
      assertThat(node.eventNames(Topic.player(ann), 0)).containsExactly("PlayerEvent.Changed");
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 0)).containsExactly("LobbyEvent.Opened");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void numbersALobbyWithoutATitle(TestStore store) {
    try (var node = new LobbyNode(store)) {
      assertThat(node.ask(new Open(node.createPlayer("Ann"), DEFAULT_SETTINGS, null)).title())
          .matches("lobby-\\d+");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsASecondLobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var annsRoom = node.ask(new Open(ann, DEFAULT_SETTINGS, null));
      var bobsRoom = node.ask(new Open(bob, DEFAULT_SETTINGS, null));
      var already = new Conflict("already_in_lobby");

      assertThat(node.refusal(new Open(ann, DEFAULT_SETTINGS, null))).isEqualTo(already);
      assertThat(node.refusal(new Open(ann, settings(0), null))).isEqualTo(already);
      assertThat(node.refusal(new Join(bobsRoom.id(), ann, null))).isEqualTo(already);
      assertThat(node.refusal(quickJoin(ann))).isEqualTo(already);
      assertThat(node.members(annsRoom.id())).containsExactly(ann);
      assertThat(node.members(bobsRoom.id())).containsExactly(bob);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void tellsThePlayerAndTheLobbyOfAJoin(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new Open(ann, DEFAULT_SETTINGS, null));

      JoinResult result = node.ask(new Join(lobby.id(), bob, null));

      assertThat(result.alreadyIn()).isFalse();
      assertThat(result.lobby().members()).isEqualTo(2);
      assertThat(result.lobby().hostName()).isEqualTo("Ann");
      assertThat(result.at())
          .as("the position of the event of the join")
          .isEqualTo(node.events(Topic.lobby(lobby.id())).getLast().position());
      assertThat(node.events(Topic.player(bob)).getFirst().event())
          .isInstanceOfSatisfying(
              PlayerEvent.Changed.class,
              changed -> assertThat(changed.player().lobby()).isEqualTo(lobby.id()));
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1)).containsExactly("LobbyEvent.Joined");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersASecondJoinWithoutAChange(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var lobby = node.ask(new Open(ann, settings(1), null));

      JoinResult result = node.ask(new Join(lobby.id(), ann, null));

      assertThat(result).isEqualTo(new JoinResult(lobby, true, null));
      assertThat(node.events(Topic.lobby(lobby.id()))).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsJoinWithItsReason(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var bob = node.createPlayer("Bob");
      var full = node.ask(new Open(node.createPlayer("Ann"), settings(1), null));
      var locked =
          node.ask(
              new Open(
                  node.createPlayer("Cem"),
                  new Settings(null, null, null, true, null, null, null),
                  null));
      var hidden =
          node.ask(
              new Open(
                  node.createPlayer("Dan"),
                  new Settings(null, null, true, null, null, null, null),
                  null));

      assertThat(node.refusal(new Join(new LobbyId(99), bob, null)))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new Join(full.id(), bob, null))).isEqualTo(new Conflict("full"));
      assertThat(node.refusal(new Join(full.id(), bob, "secret"))).isEqualTo(new Conflict("full"));
      assertThat(node.refusal(new Join(locked.id(), bob, null))).isEqualTo(new Denied("locked"));
      assertThat(node.refusal(new Join(hidden.id(), new PlayerId(99), null)))
          .isEqualTo(new Missing("player_not_found"));
      assertThat(node.ask(new Join(hidden.id(), bob, null)).lobby().members()).isEqualTo(2);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void admitsWithThePasswordUntilItIsChangedOrCleared(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new Open(ann, password("secret"), null));

      assertThat(lobby.passworded()).isTrue();
      assertThat(node.refusal(new Join(lobby.id(), bob, null)))
          .isEqualTo(new Denied("password_required"));
      assertThat(node.refusal(new Join(lobby.id(), bob, "")))
          .isEqualTo(new Denied("password_required"));
      assertThat(node.refusal(new Join(lobby.id(), bob, "Secret")))
          .isEqualTo(new Denied("invalid_password"));
      assertThat(node.ask(new Join(lobby.id(), bob, "secret")).alreadyIn()).isFalse();
      node.ask(new Leave(bob));

      node.ask(new Change(ann, password("other")));
      assertThat(node.refusal(new Join(lobby.id(), bob, "secret")))
          .isEqualTo(new Denied("invalid_password"));
      node.ask(new Change(ann, DEFAULT_SETTINGS));
      assertThat(node.ask(new Join(lobby.id(), bob, "other")).alreadyIn()).isFalse();
      node.ask(new Leave(bob));

      assertThat(node.ask(new Change(ann, password(""))).passworded()).isFalse();
      assertThat(node.ask(new Join(lobby.id(), bob, null)).alreadyIn()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void makesTheOldestAccountHostWhenTheHostLeaves(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var cem = node.createPlayer("Cem");
      var lobby = node.ask(new Open(bob, DEFAULT_SETTINGS, null));
      node.ask(new Join(lobby.id(), cem, null));
      node.ask(new Join(lobby.id(), ann, null));

      node.ask(new Leave(bob));

      assertThat(shown(node, lobby).lobby().host()).isEqualTo(ann);
      assertThat(shown(node, lobby).lobby().hostName()).isEqualTo("Ann");
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 3))
          .containsExactly("LobbyEvent.Left", "LobbyEvent.HostChanged");
      assertThat(node.events(Topic.lobby(lobby.id())).getLast().event())
          .isEqualTo(new LobbyEvent.HostChanged(shown(node, lobby).lobby(), ann, "Ann"));
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void closesAHostedLobbyWithItsLastMember(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var lobby = node.ask(new Open(ann, DEFAULT_SETTINGS, null));

      node.ask(new Leave(ann));
      node.ask(new Leave(ann));

      assertThat(node.refusal(new Show(lobby.id()))).isEqualTo(new Missing("lobby_not_found"));
      assertThat(node.refusal(new Join(lobby.id(), ann, null))).isEqualTo(new Missing("not_found"));
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 1)).containsExactly("LobbyEvent.Closed");
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAnEmptyHostlessLobbyAndLetsEveryMemberDecide(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new OpenHostless(settings(3)));
      node.ask(new Join(lobby.id(), ann, null));
      node.ask(new Join(lobby.id(), bob, null));

      assertThat(node.ask(new Change(bob, settings(2))).seatsMax()).isEqualTo(2);
      node.ask(new Kick(bob, ann));
      assertThat(node.refusal(new Kick(ann, bob))).isEqualTo(new Conflict("not_in_lobby"));
      node.ask(new Leave(bob));

      assertThat(shown(node, lobby).members()).isEmpty();
      assertThat(shown(node, lobby).lobby().host()).isNull();
      assertThat(node.ask(new Join(lobby.id(), ann, null)).lobby().members()).isEqualTo(1);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsOnlyTheHostChangeALobbyWithinTheRules(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new Open(ann, DEFAULT_SETTINGS, null));

      assertThat(node.refusal(new Change(bob, settings(5))))
          .isEqualTo(new Conflict("not_in_lobby"));
      node.ask(new Join(lobby.id(), bob, null));
      assertThat(node.refusal(new Change(bob, settings(500)))).isEqualTo(new Denied("not_host"));
      assertThat(node.refusal(new Change(ann, settings(1)))).isEqualTo(new Conflict("too_small"));
      assertThat(node.refusal(new Change(ann, settings(500))))
          .isEqualTo(Refusal.Invalid.field("max_users", "must be less than or equal to 128"));

      Lobby changed =
          node.ask(new Change(ann, new Settings("Ünter", 5, true, true, null, Map.of("a", 1), 60)));

      assertThat(changed.title()).isEqualTo("Ünter");
      assertThat(node.events(Topic.lobby(lobby.id())).getLast().event())
          .isInstanceOfSatisfying(
              LobbyEvent.Changed.class,
              event -> {
                assertThat(event.lobby()).isEqualTo(changed);
                assertThat(event.members()).extracting(Player::id).containsExactly(ann, bob);
              });
      assertThat(node.refusal(new Show(lobby.id()))).isEqualTo(new Missing("lobby_not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifiesAKickedPlayerWhoMayJoinAgain(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby =
          node.ask(new Open(ann, new Settings("Room", null, null, null, null, null, null), null));
      node.ask(new Join(lobby.id(), bob, null));

      assertThat(node.refusal(new Kick(bob, ann))).isEqualTo(new Denied("not_host"));
      assertThat(node.refusal(new Kick(ann, ann))).isEqualTo(new Denied("cannot_kick_self"));
      assertThat(node.refusal(new Kick(ann, new PlayerId(99))))
          .isEqualTo(new Missing("player_not_found"));
      assertThat(node.refusal(new Kick(ann, node.createPlayer("Cem"))))
          .isEqualTo(new Conflict("target_not_in_lobby"));
      node.ask(new Kick(ann, bob));

      assertThat(node.members(lobby.id())).containsExactly(ann);
      assertThat(node.eventNames(Topic.lobby(lobby.id()), 2)).containsExactly("LobbyEvent.Kicked");
      assertThat(node.eventNames(Topic.player(bob), 1))
          .containsExactly("PlayerEvent.Changed", "NotificationEvent.Posted");
      assertThat(node.events(Topic.player(bob)).getLast().event())
          .isInstanceOfSatisfying(
              NotificationEvent.Posted.class,
              posted -> {
                assertThat(posted.notification().sender()).isEqualTo(ann);
                assertThat(posted.notification().title()).isEqualTo("Removed From Lobby");
                assertThat(posted.notification().metadata())
                    .containsEntry("type", "lobby_kicked")
                    .containsEntry("lobby_id", lobby.id().value())
                    .containsEntry("lobby_name", "Room");
              });
      assertThat(node.ask(new Join(lobby.id(), bob, null)).alreadyIn()).isFalse();
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void quickJoinsTheOldestLobbyThatFitsOrOpensOne(TestStore store) {
    try (var node = new LobbyNode(store)) {
      node.ask(new Open(node.createPlayer("full"), settings(1), null));
      node.ask(new Open(node.createPlayer("password"), password("secret"), null));
      node.ask(
          new Open(
              node.createPlayer("hidden"),
              new Settings(null, null, true, null, null, null, null),
              null));
      node.ask(
          new Open(
              node.createPlayer("locked"),
              new Settings(null, null, null, true, null, null, null),
              null));
      var ranked =
          node.ask(
              new Open(
                  node.createPlayer("ranked"),
                  new Settings(null, 4, null, null, null, Map.of("mode", "ranked"), null),
                  null));
      var any = node.ask(new Open(node.createPlayer("any"), settings(6), null));

      assertThat(node.ask(quickJoin(node.createPlayer("a"))).id()).isEqualTo(ranked.id());
      assertThat(node.ask(quickJoin(node.createPlayer("b"), 6, Map.of())).id()).isEqualTo(any.id());
      assertThat(node.ask(quickJoin(node.createPlayer("c"), null, Map.of("mode", "rank"))).id())
          .isEqualTo(ranked.id());
      var opened =
          node.ask(
              new QuickJoin(node.createPlayer("d"), "Casual", 3, Map.of("mode", "casual"), null));
      assertThat(opened.title()).isEqualTo("Casual");
      assertThat(opened.seatsMax()).isEqualTo(3);
      assertThat(opened.metadata()).isEqualTo(Map.of("mode", "casual"));
      assertThat(opened.members()).isEqualTo(1);
      assertThat(node.refusal(quickJoin(node.createPlayer("e"), 0, Map.of())))
          .isEqualTo(Refusal.Invalid.field("max_users", "must be greater than 0"));
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void quickJoinsBeyondManyLobbiesThatDoNotFit(TestStore store) {
    try (var node = new LobbyNode(store)) {
      for (int i = 0; i < 30; i++) {
        node.ask(new Open(node.createPlayer("host" + i), DEFAULT_SETTINGS, null));
      }
      var ranked =
          node.ask(
              new Open(
                  node.createPlayer("ranked"),
                  new Settings(null, null, null, null, null, Map.of("mode", "ranked"), null),
                  null));

      assertThat(node.ask(quickJoin(node.createPlayer("a"), null, Map.of("mode", "ranked"))).id())
          .isEqualTo(ranked.id());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersARepeatedIdempotencyKeyAsAtFirst(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");

      var opened = node.ask(new Open(ann, settings(4), "key"));
      assertThat(node.ask(new Open(ann, settings(4), "key"))).isEqualTo(opened);
      var joined = node.ask(new QuickJoin(bob, null, null, Map.of(), "key"));
      assertThat(joined.id()).isEqualTo(opened.id());
      assertThat(node.ask(new QuickJoin(bob, null, null, Map.of(), "key"))).isEqualTo(joined);
      assertThat(node.members(opened.id())).containsExactly(ann, bob);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ignoresALateRepetitionWithAnIdempotencyKey(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var bob = node.createPlayer("Bob");
      var first = node.ask(new Open(node.createPlayer("Ann"), password("secret"), null));
      var second = node.ask(new Open(node.createPlayer("Cem"), settings(4), null));
      var in = new Join(first.id(), bob, "secret", "in");
      var out = new Leave(bob, "out");

      JoinResult result = node.ask(in);
      assertThat(node.ask(in)).isEqualTo(new JoinResult(result.lobby(), false, null));
      assertThat(result.alreadyIn()).isFalse();
      node.ask(out);
      node.ask(new Join(second.id(), bob, null, "on"));
      node.ask(out);
      assertThat(node.ask(in)).isEqualTo(new JoinResult(result.lobby(), false, null));

      assertThat(node.members(first.id())).hasSize(1);
      assertThat(node.members(second.id())).contains(bob);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rejectsAKeyForAnotherCommandAndKeepsItAfterARefusal(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new Open(node.createPlayer("Ann"), settings(2), null));
      var cem = node.createPlayer("Cem");
      node.ask(new Join(lobby.id(), cem, null));

      assertThat(node.refusal(new Join(lobby.id(), bob, null, "key")))
          .isEqualTo(new Conflict("full"));
      node.ask(new Leave(cem));
      node.ask(new Join(lobby.id(), bob, null, "key"));
      assertThat(node.refusal(new Leave(bob, "key")))
          .isEqualTo(new Conflict("idempotency_key_reused"));
      assertThat(node.members(lobby.id())).contains(bob);
      node.assertInvariants();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void admitsMembersAndSpectatorsToWatch(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var bob = node.createPlayer("Bob");
      var lobby = node.ask(new Open(ann, password("secret"), null));

      var member = node.ask(new Watch(lobby.id(), ann, "c1"));
      assertThat(member.spectator()).isFalse();
      assertThat(member.snapshot().position().offset()).isEqualTo(1);
      assertThat(node.ask(new Watch(lobby.id(), bob, "c2")).spectator()).isTrue();
      assertThat(node.ask(new Watch(lobby.id(), bob, "c3")).spectator()).isTrue();
      assertThat(shown(node, lobby).spectators()).isEqualTo(1);
      node.ask(new Unwatch("c2"));
      assertThat(shown(node, lobby).spectators()).isEqualTo(1);
      node.ask(new Unwatch("c3"));
      node.ask(new Unwatch("c3"));
      assertThat(shown(node, lobby).spectators()).isZero();

      node.ask(new Open(bob, DEFAULT_SETTINGS, null));
      assertThat(node.refusal(new Watch(lobby.id(), bob, "c4")))
          .isEqualTo(new Denied("must_spectate_own_lobby"));
      node.ask(new Change(ann, new Settings(null, null, null, true, null, null, null)));
      assertThat(node.refusal(new Watch(lobby.id(), node.createPlayer("Cem"), "c5")))
          .isEqualTo(new Denied("not_spectatable"));
      assertThat(node.refusal(new Watch(new LobbyId(99), ann, "c6")))
          .isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void forgetsSpectatorsOfAnEarlierRun(TestStore store) {
    LobbyId lobby;
    try (var node = new LobbyNode(store)) {
      lobby = node.ask(new Open(node.createPlayer("Ann"), DEFAULT_SETTINGS, null)).id();
      node.ask(new Watch(lobby, node.createPlayer("Bob"), "c1"));
      assertThat(node.ask(new Show(lobby)).spectators()).isEqualTo(1);
    }

    try (var node = new LobbyNode(store)) {
      assertThat(node.ask(new Show(lobby)).spectators()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ignoresSpectatorsOfADeadNode(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var lobby = node.ask(new Open(node.createPlayer("Ann"), DEFAULT_SETTINGS, null)).id();
      node.ask(new Watch(lobby, node.createPlayer("Bob"), "c1"));
      String die = "UPDATE spectator SET run = 0 RETURNING run";
      node.database().write(tx -> tx.run(die).size());

      assertThat(node.ask(new Show(lobby)).spectators()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesASnapshotItsPositionInTheStream(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var lobby = node.ask(new Open(node.createPlayer("Ann"), DEFAULT_SETTINGS, null));
      node.ask(new Join(lobby.id(), node.createPlayer("Bob"), null));

      Position last = node.events(Topic.lobby(lobby.id())).getLast().position();
      assertThat(shown(node, lobby).position()).isEqualTo(last);
    }
  }

  private static LobbySnapshot shown(LobbyNode node, Lobby lobby) {
    return node.ask(new Show(lobby.id()));
  }

  private static Settings settings(int seats) {
    return new Settings(null, seats, null, null, null, null, null);
  }

  private static Settings password(String password) {
    return new Settings(null, null, null, null, password, null, null);
  }

  private static QuickJoin quickJoin(PlayerId player) {
    return quickJoin(player, null, Map.of());
  }

  private static QuickJoin quickJoin(
      PlayerId player, @Nullable Integer seats, Map<String, Object> metadata) {
    return new QuickJoin(player, null, seats, metadata, null);
  }
}
