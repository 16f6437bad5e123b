package dev.rookery.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.LocalAllocator;
import dev.rookery.auth.Attempts;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.AuthParts;
import dev.rookery.auth.AuthSettings;
import dev.rookery.auth.AuthVerticle;
import dev.rookery.auth.Client;
import dev.rookery.auth.Passwords;
import dev.rookery.auth.SessionVerticle;
import dev.rookery.auth.SignedIn;
import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.bus.Done;
import dev.rookery.cache.InMemory;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbySetup;
import dev.rookery.lobby.LobbyVerticle;
import dev.rookery.mail.Outgoing;
import dev.rookery.mail.Preview;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationVerticle;
import dev.rookery.notification.Notifications;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An account that is ended leaves nothing behind that could be used or seen. */
final class AccountTest {
  private static final Client CLIENT = new Client("127.0.0.1", null);

  private final TestBus node = new TestBus();
  private final SeededIds ids = new SeededIds(11);
  private final Passwords passwords = new Passwords(ids, 1);
  private final Notifications notifications = new Notifications();
  private Tokens tokens;
  private Sessions sessions;

  private void open(TestStore store) {
    var bus = node.bus();
    var database = store.database();
    var clock = store.clock();
    var member = TestMember.join(store, "node");
    tokens = new Tokens(node.vertx(), "s".repeat(64), clock, ids);
    sessions = new Sessions(node.vertx(), bus, tokens, clock);
    node.deploy(new PlayerVerticle(bus, database, clock, Limits.DEFAULTS));
    node.deploy(new SessionVerticle(bus, database, sessions, clock, ids, member.duties()));
    var meters = new SimpleMeterRegistry();
    var parts =
        new AuthParts(
            tokens,
            passwords,
            new Attempts(new InMemory(clock), meters),
            new Outgoing(node.vertx(), new Preview(false), meters),
            new AuthSettings(Limits.DEFAULTS, true, 100, Duration.ofDays(365), "Rookery", null),
            clock,
            ids);
    node.deploy(new AuthVerticle(bus, database, parts));
    node.deploy(new NotificationVerticle(bus, database));
    node.deploy(
        new LobbyVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            passwords,
            new LobbySetup(
                member::run,
                member.duties(),
                Limits.DEFAULTS,
                new Random(1),
                ids,
                new LocalAllocator(() -> new LocalAllocator.Place("here", 4000)))));
    node.deploy(new AccountVerticle(bus));
  }

  @AfterEach
  void close() {
    node.close();
    passwords.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoDeletesHisAccountIsOutOfEverything(TestStore store) {
    open(store);
    var ann = signIn("ann");
    var bob = signIn("bob");
    LobbyId lobby = openLobby(ann.player());
    node.ask(new LobbyCommand.Join(lobby, bob.player(), null));
    leaveNotice(store, ann.player(), bob.player());
    leaveNotice(store, bob.player(), ann.player());
    Promise<Done> ended = Promise.promise();
    sessions.whenEnded(
        tokens.readAccess(ann.accessToken()).session(), () -> ended.complete(Done.DONE));

    node.ask(new AccountCommand.Delete(ann.player()));

    TestBus.await(ended.future());
    assertThat(node.refusal(new PlayerCommand.Find(ann.player())))
        .isEqualTo(new Missing("not_found"));
    assertThat(TestBus.refusal(sessions.authenticate(ann.accessToken())))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(node.refusal(new AuthCommand.Refresh(ann.refreshToken(), CLIENT)))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(new Players(store.clock()).inLobby(store.database(), lobby))
        .extracting(player -> player.id())
        .containsExactly(bob.player());
    assertThat(node.ask(new NotificationCommand.Stored(bob.player())).notifications()).isEmpty();
    assertThat(TestBus.await(sessions.authenticate(bob.accessToken())).player())
        .isEqualTo(bob.player());
    assertThat(signIn("ann").player()).isNotEqualTo(ann.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletingMayBeRepeatedAfterEachOfItsSteps(TestStore store) {
    open(store);
    var signedOut = signIn("one").player();
    node.ask(new AuthCommand.SignOutAll(signedOut, null));
    var removed = signIn("two").player();
    node.ask(new PlayerCommand.Remove(removed));

    for (PlayerId player : new PlayerId[] {signedOut, removed, signedOut, new PlayerId(99)}) {
      node.ask(new AccountCommand.Delete(player));
      assertThat(node.refusal(new PlayerCommand.Find(player))).isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoJoinsWhileHeIsDeletedIsInNoLobbyAfterwards(TestStore store) {
    open(store);
    var host = signIn("host");
    LobbyId lobby = openLobby(host.player());
    for (int round = 0; round < 10; round++) {
      var player = signIn("player").player();
      var all = new ArrayList<Future<?>>();
      all.add(node.bus().ask(new LobbyCommand.Join(lobby, player, null)));
      all.add(node.bus().ask(new AccountCommand.Delete(player)));
      all.add(node.bus().ask(new LobbyCommand.Leave(player)));
      all.add(node.bus().ask(new LobbyCommand.Join(lobby, player, null)));
      all.add(node.bus().ask(new AuthCommand.SignInByDevice("player", CLIENT)));
      TestBus.await(Future.join(all).otherwiseEmpty());
      node.ask(new AccountCommand.Delete(player));

      assertThat(node.refusal(new PlayerCommand.Find(player))).isEqualTo(new Missing("not_found"));
      assertThat(new Players(store.clock()).inLobby(store.database(), lobby)).hasSize(1);
      assertThat(members(store, lobby)).isEqualTo(1);
    }
  }

  private SignedIn signIn(String device) {
    return node.ask(new AuthCommand.SignInByDevice(device, CLIENT));
  }

  private LobbyId openLobby(PlayerId host) {
    var settings = new LobbyCommand.Settings("Room", 4, null, null, null, null, null);
    return node.ask(new LobbyCommand.Open(host, settings, null)).id();
  }

  private void leaveNotice(TestStore store, PlayerId sender, PlayerId recipient) {
    store.database().write(tx -> notifications.put(tx, sender, recipient, "Hello", "", Map.of()));
  }

  private static long members(TestStore store, LobbyId lobby) {
    return store
        .database()
        .read("SELECT members FROM lobby WHERE id = $1", lobby.value())
        .row(0)
        .number("members");
  }
}
