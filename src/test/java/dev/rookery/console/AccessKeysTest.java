package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.player.PlayerCommand;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Access keys, and the second factor in the API. */
@ExtendWith(VertxExtension.class)
final class AccessKeysTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private static final String FILL_ATTEMPTS =
      """
      INSERT INTO console_attempt (name, attempts, next_ms, forget_ms)
      WITH RECURSIVE networks(number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM networks WHERE number < %d)
      SELECT 'passkey:' || number, 1, 0, 4000000000000 FROM networks
      """
          .formatted(CodeAttempts.ROWS_MAX);

  private static final Set<Permission> BANS =
      EnumSet.of(Permission.PLAYERS_READ, Permission.PLAYERS_BAN);

  @ParameterizedTest
  @MethodSource(ALL)
  void doesWhatItWasGivenAndItsMakerStillMayDo(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.admin("ann", "moderator");
    var created = console.bus.ask(create(store, ann, BANS));
    assertThat(created.secret()).startsWith("rk_").hasSizeGreaterThan(40);
    assertThat(created.toString()).doesNotContain(created.secret());
    assertThat(rights(console, created.secret()))
        .hasValueSatisfying(
            found -> {
              assertThat(found.maker()).isEqualTo(ann);
              assertThat(found.role().permissions()).isEqualTo(BANS);
              assertThat(found.dangerous()).isFalse();
            });

    console.bus.ask(new PlayerCommand.SetRole(console.owner, ann, "viewer"));
    assertThat(rights(console, created.secret()))
        .hasValueSatisfying(
            found ->
                assertThat(found.role().permissions()).containsExactly(Permission.PLAYERS_READ));
    console.bus.ask(new PlayerCommand.SetRole(console.owner, ann, null));
    assertThat(rights(console, created.secret())).isEmpty();
    console.bus.ask(new PlayerCommand.SetRole(console.owner, ann, "moderator"));
    assertThat(rights(console, created.secret())).isPresent();
    console.bus.ask(new PlayerCommand.Remove(ann));
    assertThat(rights(console, created.secret())).isEmpty();
    assertThat(console.bus.ask(new KeyCommand.ListKeys())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsByItselfAndWhenItIsRevoked(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    var first = console.bus.ask(create(store, console.owner, BANS));
    var second = console.bus.ask(create(store, console.owner, BANS));
    console.bus.ask(new KeyCommand.Revoke(first.key().id()));
    assertThat(rights(console, first.secret())).isEmpty();
    assertThat(console.refused(new KeyCommand.Revoke(first.key().id()))).isEqualTo("not_found");
    store.clock().advance(Duration.ofDays(30).minusMillis(1));
    assertThat(rights(console, second.secret())).isPresent();
    store.clock().advance(Duration.ofMillis(1));
    assertThat(rights(console, second.secret())).isEmpty();
    assertThat(console.bus.ask(new KeyCommand.ListKeys())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheEarlierSecretForAWhile(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    var first = console.bus.ask(create(store, console.owner, BANS));
    String id = first.key().id();
    long end = store.clock().millis() + Duration.ofDays(365).toMillis();
    long hour = Duration.ofHours(1).toMillis();
    var second = console.bus.ask(new KeyCommand.Rotate(console.owner, id, hour, end));
    assertThat(second.secret()).isNotEqualTo(first.secret());
    assertThat(second.key().expiresMs()).isEqualTo(end);
    assertThat(rights(console, first.secret())).isPresent();
    assertThat(rights(console, second.secret())).isPresent();
    store.clock().advance(Duration.ofHours(1));
    assertThat(rights(console, first.secret())).isEmpty();
    assertThat(rights(console, second.secret())).isPresent();
    // The one before the last ends at once.
    var third = console.bus.ask(new KeyCommand.Rotate(console.owner, id, hour, end));
    var fourth = console.bus.ask(new KeyCommand.Rotate(console.owner, id, 0, end));
    assertThat(rights(console, second.secret())).isEmpty();
    assertThat(rights(console, third.secret())).isEmpty();
    assertThat(rights(console, fourth.secret())).isPresent();

    PlayerId ann = console.admin("ann", "admin");
    assertThat(console.refused(new KeyCommand.Rotate(ann, id, 0, end))).isEqualTo("not_your_key");
    assertThat(console.refused(new KeyCommand.Rotate(console.owner, "x", 0, end)))
        .isEqualTo("not_found");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesWhatNoKeyMayBe(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.admin("ann", "moderator");
    assertThat(console.refused(create(store, ann, EnumSet.of(Permission.KV_EDIT))))
        .isEqualTo("permission_not_yours");
    assertThat(invalid(console, create(store, ann, Set.of()))).containsExactly("permissions");
    assertThat(invalid(console, create(store, console.owner, EnumSet.of(Permission.KEYS_EDIT))))
        .containsExactly("permissions");
    long now = store.clock().millis();
    long year = Duration.ofDays(400).toMillis();
    assertThat(
            invalid(
                console,
                new KeyCommand.Create(ann, " ", BANS, List.of("10.0.0.0/40"), false, now + year)))
        .containsExactlyInAnyOrder("name", "networks", "expires");
    assertThat(invalid(console, new KeyCommand.Create(ann, "a", BANS, List.of(), false, now)))
        .containsExactly("expires");

    for (int i = 0; i < 20; i++) {
      console.bus.ask(create(store, ann, BANS));
    }
    assertThat(console.refused(create(store, ann, BANS))).isEqualTo("too_many_keys");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countsItsUsesByDay(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    var created = console.bus.ask(create(store, console.owner, BANS));
    AccessKey.Rights key = rights(console, created.secret()).orElseThrow();
    console.keys.used(key, "192.0.2.1");
    console.keys.used(key, "192.0.2.2");
    console.keyVerticle.writeUses();
    store.clock().advance(Duration.ofDays(1));
    console.keys.used(key, "192.0.2.3");
    console.keyVerticle.writeUses();
    console.keyVerticle.writeUses();
    assertThat(console.bus.ask(new KeyCommand.ListKeys()))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.callsToday()).isEqualTo(1);
              assertThat(one.callsOfMonth()).isEqualTo(3);
              assertThat(one.usedAddress()).isEqualTo("192.0.2.3");
              assertThat(one.usedMs()).isEqualTo(store.clock().millis());
            });
    assertThat(console.bus.ask(new KeyCommand.ListDays(created.key().id())))
        .extracting(AccessKey.Day::calls)
        .containsExactly(1L, 2L);
    // A use that is written after the end of the key leaves nothing.
    console.keys.used(key, "192.0.2.3");
    console.bus.ask(new KeyCommand.Revoke(created.key().id()));
    console.keyVerticle.writeUses();
    assertThat(console.bus.ask(new KeyCommand.ListDays(created.key().id()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void wantsACodeInTheApiWhereOneIsRequired(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, true);
    assertThat(console.refused(prove(console, "a", ""))).isEqualTo("admin_factor_required");
    String secret = console.addFactor(console.owner, console.session(console.owner, ""));
    assertThat(console.refused(prove(console, "a", ""))).isEqualTo("admin_code_required");
    assertThat(console.refused(prove(console, "a", "000000"))).isEqualTo("invalid_code");
    store.clock().advance(Duration.ofSeconds(30));
    String code = console.totp(secret);
    console.bus.ask(prove(console, "a", code));
    // It counts for a while, in this session alone, and is used up.
    console.bus.ask(prove(console, "a", ""));
    assertThat(console.refused(prove(console, "b", code))).isEqualTo("invalid_code");
    store.clock().advance(Duration.ofMinutes(5));
    assertThat(console.refused(prove(console, "a", ""))).isEqualTo("admin_code_required");
    console.bus.ask(prove(console, "a", console.totp(secret)));
    console.bus.ask(new ConsoleCommand.RemoveFactor(null, console.owner));
    assertThat(console.refused(prove(console, "a", ""))).isEqualTo("admin_factor_required");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void wantsNoCodeInTheApiWhereNoneIsRequired(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    console.bus.ask(prove(console, "a", ""));
    console.addFactor(console.owner, console.session(console.owner, ""));
    console.bus.ask(prove(console, "a", ""));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void delaysAttemptsAtCodesForAllNodesAndTellsOwners(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, true);
    console.addFactor(console.owner, console.session(console.owner, ""));
    Refusal last = null;
    for (int i = 0; i < 8; i++) {
      last = console.bus.refusal(prove(console, "a", "wrong " + i));
    }
    assertThat(last).isInstanceOf(Refusal.Limited.class);
    // Another node counts them, too.
    var other = new CodeAttempts(store.database());
    var codes = new BackOff(5, Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofHours(6));
    assertThat(limited(other, "factor:" + console.owner.value(), codes)).isTrue();
    assertThat(limited(other, "factor:0", codes)).isFalse();

    assertThat(console.bus.ask(new ConsoleCommand.ListFailedSignIns())).isEmpty();
    for (int i = 0; i < 8; i++) {
      store.clock().advance(Duration.ofHours(1));
      assertThat(console.refused(prove(console, "a", "wrong"))).isEqualTo("invalid_code");
    }
    assertThat(console.bus.ask(new ConsoleCommand.ListFailedSignIns()))
        .singleElement()
        .satisfies(
            failed -> {
              assertThat(failed.player()).isEqualTo(console.owner);
              assertThat(failed.failures()).isGreaterThanOrEqualTo(FailedSignIns.SHOWN_FROM);
            });
    store.clock().advance(Duration.ofDays(1));
    assertThat(console.bus.ask(new ConsoleCommand.ListFailedSignIns())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsRoomForCodesOfAdminsWhateverStrangersTry(TestStore store) {
    store.database().write(tx -> tx.run(FILL_ATTEMPTS));
    var attempts = new CodeAttempts(store.database());
    var once = new BackOff(1, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(6));
    assertThat(limited(attempts, "passkey:192.0.2.1", once)).isFalse();
    // New networks share one row, with each other alone.
    assertThat(limited(attempts, "passkey:192.0.2.2", once)).isTrue();
    assertThat(limited(attempts, "factor:7", once)).isFalse();
    assertThat(limited(attempts, "factor:8", once)).isFalse();
    assertThat(limited(attempts, "factor:7", once)).isTrue();
  }

  private static boolean limited(CodeAttempts attempts, String name, BackOff backOff) {
    try {
      attempts.begin(name, backOff);
      return false;
    } catch (Refused refused) {
      return refused.refusal() instanceof Refusal.Limited;
    }
  }

  private static ConsoleCommand.ProveFactor prove(
      ConsoleFixture console, String session, String code) {
    return new ConsoleCommand.ProveFactor(
        console.owner, new SessionId(session), code, ConsoleFixture.BROWSER);
  }

  private static KeyCommand.Create create(
      TestStore store, PlayerId by, Set<Permission> permissions) {
    return new KeyCommand.Create(
        by,
        "nightly export",
        permissions,
        List.of("203.0.113.0/24"),
        false,
        store.clock().millis() + Duration.ofDays(30).toMillis());
  }

  private static Optional<AccessKey.Rights> rights(ConsoleFixture console, String secret) {
    return console.bus.ask(new KeyCommand.FindRights(ConsoleSessions.digest(secret)));
  }

  private static Set<String> invalid(ConsoleFixture console, KeyCommand.Create create) {
    return TestBus.refusal(console.bus.bus().ask(create)) instanceof Refusal.Invalid(_, var fields)
        ? fields.keySet()
        : Set.of();
  }
}
