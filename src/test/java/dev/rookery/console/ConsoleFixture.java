package dev.rookery.console;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The console and the players on one database, with an owner. */
final class ConsoleFixture {
  static final ConsoleCommand.Browser BROWSER =
      new ConsoleCommand.Browser("127.0.0.1", "Test/1", "request");

  private static final String SIGN_IN =
      """
      INSERT INTO session (id, player_id, kind, created_ms, used_ms, expires_ms, user_agent, address)
      VALUES ($1, $2, 'device', $3, $3, $4, '', '')
      ON CONFLICT (id) DO NOTHING
      """;

  final TestStore store;
  final TestBus bus;
  final AccessKeys keys;
  final KeyVerticle keyVerticle;
  final PlayerId owner;

  ConsoleFixture(TestStore store, Vertx vertx, boolean factorRequired) {
    this.store = store;
    this.bus = new TestBus(vertx);
    var member = TestClusterMember.join(store, "node");
    bus.deploy(
        new PlayerVerticle(
            bus.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
    bus.deploy(
        new ConsoleVerticle(
            bus.bus(),
            store.database(),
            new AuditLog(member::run),
            new ConsoleSettings(
                factorRequired,
                Duration.ofHours(1),
                Duration.ofHours(12),
                Duration.ofDays(400),
                true,
                null),
            new FactorCipher("a secret of tests", List.of()),
            member.scheduler(),
            store.clock(),
            new SeededIds(3)));
    this.keys = new AccessKeys(bus.bus(), store.clock(), new SimpleMeterRegistry());
    this.keyVerticle =
        new KeyVerticle(
            bus.bus(), store.database(), keys, member.scheduler(), store.clock(), new SeededIds(5));
    bus.deploy(keyVerticle);
    this.owner = player("the owner");
    bus.ask(new PlayerCommand.SetRole(null, owner, RoleTemplate.OWNER.name()));
  }

  PlayerId player(String device) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS, false);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)))
        .get(device)
        .player();
  }

  PlayerId admin(String device, String role) {
    PlayerId player = player(device);
    bus.ask(new PlayerCommand.SetRole(owner, player, role));
    return player;
  }

  @Nullable RoleTemplate role(PlayerId player) {
    return new Grants(store.clock()).find(store.database(), player).orElse(null);
  }

  /** Opens a session of the console, and returns its id. */
  String session(PlayerId player, String code) {
    var signIn = new SessionId("sign-in of " + player);
    long now = store.clock().millis();
    store
        .database()
        .write(
            tx ->
                tx.run(
                    SIGN_IN,
                    signIn.value(),
                    player.value(),
                    now,
                    now + Duration.ofDays(365).toMillis()));
    return ConsoleSessions.digest(
        bus.ask(new ConsoleCommand.OpenSession(player, signIn, code, BROWSER)).token());
  }

  boolean isOpen(String session) {
    return bus.ask(new ConsoleCommand.FindSession(session, true)).isPresent();
  }

  /** Sets up a second factor in a session, and returns its secret. */
  String addFactor(PlayerId player, String session) {
    String secret = bus.ask(new ConsoleCommand.BeginFactor(player)).secret();
    bus.ask(new ConsoleCommand.ConfirmFactor(player, session, totp(secret), BROWSER));
    return secret;
  }

  String totp(String secret) {
    return Totp.code(Totp.bytes(secret), Totp.step(store.clock().millis()));
  }

  String refused(Command<?> command) {
    return bus.refusal(command).code();
  }

  /** Why a command is refused that an access key with these permissions sends. */
  String refusedForKey(Command<?> command, PlayerId maker, Set<Permission> permissions) {
    return TestBus.refusal(bus.bus().ask(command, byKey(maker, permissions))).code();
  }

  static AuditedChange byKey(PlayerId maker, Set<Permission> permissions) {
    var actor =
        new Actor(Actor.Kind.KEY, maker, "key 1", "", "", Permission.ADMINS_EDIT, permissions, "");
    return new AuditedChange(actor, "test", "users/1", Map.of());
  }
}
