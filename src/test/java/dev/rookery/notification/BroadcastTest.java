package dev.rookery.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.console.AccessKey;
import dev.rookery.console.AccessKeys;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Grants;
import dev.rookery.console.KeyCommand;
import dev.rookery.console.KeyVerticle;
import dev.rookery.console.Permission;
import dev.rookery.lease.Lease;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.notification.Broadcast.Variant;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that broadcasts reach each player once, in their language, until they are cancelled. */
@ExtendWith(VertxExtension.class)
final class BroadcastTest {
  private final NotificationWriter writer = new NotificationWriter();
  private final List<PlayerId> online = new ArrayList<>();
  private TestBus bus;
  private TestClusterMember member;

  @BeforeEach
  void start(Vertx vertx) {
    bus = new TestBus(vertx);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void reachesEachPlayerOnceAlsoIfAnotherNodeGoesOn(TestStore store) {
    member = TestClusterMember.join(store, "a");
    var players = players(store, 100);
    Broadcast sent = create(store, Audience.ALL, List.of(), null);
    player(store, "came later");
    Lease first = member.leases().acquire("duty/broadcasts of the test").orElseThrow();
    BroadcastRunner runner = runner(store);

    runner.run(first);
    assertThat(find(store, sent).counts().reached()).isEqualTo(63);
    member.leases().release(first);
    var other = TestClusterMember.join(store, "b");
    Lease second = other.leases().acquire("duty/broadcasts of the test").orElseThrow();
    assertThatThrownBy(() -> runner.run(first)).isInstanceOf(Refused.class);
    runner.run(second);
    runner.run(second);

    Broadcast done = find(store, sent);
    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(done.counts()).isEqualTo(new Broadcast.Counts(100, 100, 100));
    assertThat(players).allSatisfy(player -> assertThat(stored(store, player)).hasSize(1));
    Notification one = stored(store, players.getFirst()).getFirst();
    assertThat(one.metadata())
        .isEqualTo(Map.of("n", 1, "type", "announcement", "broadcast_id", (int) sent.id()));
    assertThat(one.code()).isEqualTo(701);
    assertThat(
            store.published().stream()
                .filter(posted -> posted.event() instanceof NotificationEvent.Posted)
                .count())
        .isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void writesInTheLanguageOfThePlayerAndNotToThoseWhoSwitchedItOff(TestStore store) {
    open(store);
    var players = players(store, 4);
    bus.ask(new PlayerCommand.ChooseLanguage(players.get(1), "de"));
    bus.ask(new PlayerCommand.ChooseLanguage(players.get(2), "pt-BR"));
    bus.ask(new NotificationCommand.Mute(players.get(3), List.of(NotificationKind.ANNOUNCEMENT)));

    Broadcast sent =
        bus.ask(
            new BroadcastCommand.Create(
                players.getFirst(),
                players.getFirst(),
                Audience.ALL,
                List.of(),
                "Hello",
                "",
                Map.of(),
                Map.of("de", new Variant("Hallo", "neu"), "pt", new Variant("Olá", "")),
                null,
                0,
                "key"));
    Eventually.holds(() -> find(store, sent).state() == State.DONE);

    assertThat(titles(store, players)).containsExactly("Hello", "Hallo", "Olá", "");
    assertThat(find(store, sent).counts().delivered()).isEqualTo(3);
    assertThat(bus.ask(new BroadcastCommand.CountRead(sent.id()))).isZero();
    Notification got = stored(store, players.get(1)).getFirst();
    bus.ask(new NotificationCommand.MarkRead(players.get(1), got.id()));
    assertThat(bus.ask(new BroadcastCommand.CountRead(sent.id()))).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void reachesChosenPlayersAndThoseWhoAreOnline(TestStore store) {
    open(store);
    var players = players(store, 3);
    online.add(players.get(2));

    Broadcast chosen = create(store, Audience.PLAYERS, List.of(players.get(1).value(), 99L), null);
    Broadcast live = create(store, Audience.ONLINE, List.of(), null);
    Eventually.holds(() -> find(store, chosen).state() == State.DONE);
    Eventually.holds(() -> find(store, live).state() == State.DONE);

    assertThat(stored(store, players.get(0))).isEmpty();
    assertThat(stored(store, players.get(1))).hasSize(1);
    assertThat(stored(store, players.get(2))).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void waitsForItsTimeAndReachesNobodyOnceItIsCancelled(TestStore store) {
    open(store);
    var players = players(store, 2);
    long later = store.clock().millis() + 60_000;
    Broadcast cancelled = create(store, Audience.ALL, List.of(), later);
    Broadcast kept = create(store, Audience.PLAYERS, List.of(players.get(1).value()), later);

    assertThat(bus.ask(new BroadcastCommand.ListOpen())).hasSize(2);
    bus.ask(new BroadcastCommand.Cancel(cancelled.id()));
    assertThat(bus.ask(new BroadcastCommand.Cancel(cancelled.id())).state())
        .isEqualTo(State.CANCELLED);
    assertThat(bus.ask(new BroadcastCommand.ListOpen())).hasSize(1);
    assertThat(stored(store, players.get(1))).isEmpty();
    store.clock().advance(Duration.ofSeconds(61));
    Eventually.holds(() -> find(store, kept).state() == State.DONE);

    assertThat(stored(store, players.get(0))).isEmpty();
    assertThat(stored(store, players.get(1))).hasSize(1);
    assertThatThrownBy(() -> bus.ask(new BroadcastCommand.Cancel(kept.id())))
        .hasMessageContaining("broadcast_ended");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void stopsWhenItsAdminLosesTheRole(TestStore store) {
    open(store);
    var players = players(store, 2);
    long later = store.clock().millis() + 60_000;
    Broadcast stopped = create(store, Audience.ALL, List.of(), later);
    grant(store, players.getFirst(), "analyst");
    store.clock().advance(Duration.ofSeconds(61));
    Eventually.holds(() -> find(store, stopped).state() == State.STOPPED);

    assertThat(stored(store, players.get(1))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void stopsWhenItsAccessKeyIsRevoked(TestStore store) {
    open(store);
    var players = players(store, 2);
    PlayerId maker = players.getFirst();
    bus.deploy(
        new KeyVerticle(
            bus.bus(),
            store.database(),
            new AccessKeys(bus.bus(), store.clock(), new SimpleMeterRegistry()),
            member.scheduler(),
            store.clock(),
            new SeededIds(5)));
    AccessKey revoked = key(store, maker);
    AccessKey kept = key(store, maker);
    long later = store.clock().millis() + 60_000;
    BroadcastCommand.Create create =
        creating(maker, Audience.PLAYERS, List.of(players.get(1).value()), later);
    Broadcast stopped = TestBus.await(bus.bus().ask(create, by(revoked)));
    Broadcast sent = TestBus.await(bus.bus().ask(create, by(kept)));

    bus.ask(new KeyCommand.Revoke(revoked.id()));
    store.clock().advance(Duration.ofSeconds(61));

    Eventually.holds(() -> find(store, stopped).state() == State.STOPPED);
    Eventually.holds(() -> find(store, sent).state() == State.DONE);
    assertThat(stored(store, players.get(1))).hasSize(1);
  }

  private AccessKey key(TestStore store, PlayerId maker) {
    return bus.ask(
            new KeyCommand.Create(
                maker,
                "nightly",
                Set.of(Permission.NOTIFICATIONS_BROADCAST),
                List.of(),
                false,
                store.clock().millis() + Duration.ofDays(1).toMillis()))
        .key();
  }

  private static AuditedChange by(AccessKey key) {
    return by(Actor.Kind.KEY, key.maker(), AuditEntry.KEY + key.id(), key.permissions());
  }

  private static AuditedChange by(
      Actor.Kind kind, PlayerId admin, String session, @Nullable Set<Permission> limit) {
    var right = Permission.NOTIFICATIONS_BROADCAST;
    var actor = new Actor(kind, admin, session, "", "", right, limit, "");
    return new AuditedChange(actor, "admin_create_broadcast", "notifications/broadcasts", Map.of());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void nobodyWritesInTheNameOfAnAdminWithMoreRights(TestStore store) {
    open(store);
    var players = players(store, 3);
    PlayerId admin = players.getFirst();
    PlayerId moderator = players.get(1);
    grant(store, moderator, "moderator");
    AuditedChange change = by(Actor.Kind.API, moderator, "session", null);

    assertThat(
            TestBus.refusal(bus.bus().ask(creating(admin, Audience.ALL, List.of(), null), change)))
        .isEqualTo(new Refusal.Denied("role_not_grantable"));
    assertThat(TestBus.refusal(bus.bus().ask(sending(moderator, admin, players.get(2)), change)))
        .isEqualTo(new Refusal.Denied("role_not_grantable"));
    Notification own =
        TestBus.await(bus.bus().ask(sending(moderator, moderator, players.get(2)), change));
    assertThat(own.sender()).isEqualTo(moderator);
  }

  private static NotificationCommand.Create sending(
      PlayerId admin, PlayerId sender, PlayerId recipient) {
    return new NotificationCommand.Create(admin, sender, recipient, "Hello", "", Map.of(), null);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void refusesWhatIsNotValid(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    assertThatThrownBy(() -> create(store, Audience.PLAYERS, List.of(), null))
        .satisfies(refused -> assertThat(refusal(refused)).contains("recipients"));
    assertThatThrownBy(() -> create(store, Audience.ALL, List.of(ann.value()), null))
        .satisfies(refused -> assertThat(refusal(refused)).contains("recipients"));
    assertThatThrownBy(
            () ->
                bus.ask(
                    new BroadcastCommand.Create(
                        ann,
                        ann,
                        Audience.ALL,
                        List.of(),
                        "x",
                        "",
                        Map.of(),
                        Map.of("DE!", new Variant("x", "")),
                        null,
                        0,
                        null)))
        .satisfies(refused -> assertThat(refusal(refused)).contains("variants"));
  }

  private static String refusal(Throwable refused) {
    return ((Refused) refused).refusal().toString();
  }

  private List<String> titles(TestStore store, List<PlayerId> players) {
    return players.stream()
        .map(
            player ->
                stored(store, player).stream().map(Notification::title).findFirst().orElse(""))
        .toList();
  }

  private Broadcast find(TestStore store, Broadcast broadcast) {
    return new BroadcastStore().find(store.database(), broadcast.id()).orElseThrow();
  }

  private static List<Notification> stored(TestStore store, PlayerId player) {
    return new NotificationStore().list(store.database(), player, 10).notifications();
  }

  private Broadcast create(
      TestStore store, Audience audience, List<Long> recipients, @Nullable Long startsMs) {
    var create = creating(new PlayerId(1), audience, recipients, startsMs);
    if (member.scheduler().held().isEmpty()) {
      var rows = new BroadcastStore();
      return store
          .database()
          .write(
              tx -> {
                long id =
                    rows.insert(
                        tx,
                        create,
                        recipients,
                        rows.countPlayers(tx),
                        tx.now().toEpochMilli(),
                        null);
                return rows.find(tx, id).orElseThrow();
              });
    }
    return bus.ask(create);
  }

  private static BroadcastCommand.Create creating(
      PlayerId sender, Audience audience, List<Long> recipients, @Nullable Long startsMs) {
    return new BroadcastCommand.Create(
        sender,
        sender,
        audience,
        recipients,
        audience.text(),
        "content",
        Map.of("n", 1),
        Map.of(),
        startsMs,
        0,
        null);
  }

  private BroadcastRunner runner(TestStore store) {
    return new BroadcastRunner(
        store.database(),
        new Players(store.clock()),
        writer,
        store.clock(),
        (_, after, max) ->
            online.stream().filter(one -> one.value() > after.value()).limit(max).toList(),
        1_000_000);
  }

  private void open(TestStore store) {
    member = TestClusterMember.join(store, "test");
    var players = new Players(store.clock());
    bus.deploy(
        new NotificationVerticle(
            bus.bus(),
            store.database(),
            players,
            writer,
            new NotificationSettings(
                Limits.DEFAULTS, member.scheduler(), store.clock(), Duration.ofDays(90), 1_000)));
    bus.deploy(
        new PlayerVerticle(
            bus.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
    bus.deploy(
        new BroadcastVerticle(
            bus.bus(),
            store.database(),
            players,
            writer,
            new BroadcastSettings(
                Limits.DEFAULTS,
                member.scheduler(),
                store.clock(),
                1_000_000,
                Duration.ofDays(90),
                (_, after, max) ->
                    online.stream()
                        .filter(one -> one.value() > after.value())
                        .limit(max)
                        .toList())));
    Eventually.holds(() -> !member.scheduler().held().isEmpty());
  }

  private static List<PlayerId> players(TestStore store, int count) {
    var players = new ArrayList<PlayerId>();
    for (int i = 0; i < count; i++) {
      players.add(player(store, "player " + i));
    }
    grant(store, players.getFirst(), "admin");
    return players;
  }

  private static void grant(TestStore store, PlayerId player, String role) {
    store.database().write(tx -> new Grants(store.clock()).set(tx, null, player, role, null));
  }

  private static PlayerId player(TestStore store, String device) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }
}
