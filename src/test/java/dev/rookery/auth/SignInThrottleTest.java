package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refused;
import dev.rookery.cache.LocalCounters;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Password guessing is delayed, and an attacker cannot lock a player out. */
final class SignInThrottleTest {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Denied WRONG = new Denied("invalid_credentials");
  private static final String ANN = "ann@example.org";
  private static final String PASSWORD = "correct horse";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_3_1_delayPerAccountDoublesAndResetsOnSuccess(TestStore store) {
    try (var node = new AuthNode(store, 5, 100, YEAR)) {
      node.register(ANN, PASSWORD);
      for (String account : List.of(ANN, "nobody@example.org")) {
        for (int free = 0; free < 5; free++) {
          assertThat(node.refusal(signIn(account, "wrong", "10.0.0.1"))).isEqualTo(WRONG);
        }
        for (int seconds : new int[] {2, 4, 8}) {
          assertThat(node.refusal(signIn(account, PASSWORD, "10.0.0.1")))
              .isEqualTo(limited(seconds));
          store.clock().advance(Duration.ofSeconds(seconds));
          assertThat(node.refusal(signIn(account, "wrong", "10.0.0.1"))).isEqualTo(WRONG);
        }
        store.clock().advance(Duration.ofSeconds(16));
      }
      assertThat(node.ask(signIn(ANN, PASSWORD, "10.0.0.1")).accessToken()).isNotEmpty();
      // The right password has reset the count.
      for (int free = 0; free < 5; free++) {
        assertThat(node.refusal(signIn(ANN, "wrong", "10.0.0.1"))).isEqualTo(WRONG);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_3_1_concurrentAttemptsGainNothing(TestStore store) {
    try (var node = new AuthNode(store, 5, 100, YEAR)) {
      List<Future<TokenPair>> all =
          IntStream.range(0, 60)
              .mapToObj(i -> node.bus().bus().ask(signIn(ANN, "wrong " + i, "10.0.0.1")))
              .toList();
      TestBus.await(Future.join(all).otherwiseEmpty());

      assertThat(all.stream().map(TestBus::refusal).filter(WRONG::equals)).hasSize(5);
    }
  }

  @Test
  void asvs_6_3_1_limitsManyAccountsFromOneNetwork() {
    var throttle =
        new SignInThrottle(new LocalCounters(new ManualClock()), new SimpleMeterRegistry());
    for (int i = 0; i < 100; i++) {
      // One IPv6 network with many addresses.
      throttle.beginAttempt(i + "@example.org", new Client("2001:db8::" + i, null), () -> false);
    }
    assertThat(refusal(throttle, ANN, "2001:db8::abcd")).isEqualTo(limited(1));
    throttle.beginAttempt(ANN, new Client("2001:db8:0:1::1", null), () -> false);
  }

  @Test
  void asvs_6_3_1_limitsOneAccountFromManyAddresses() {
    var throttle =
        new SignInThrottle(new LocalCounters(new ManualClock()), new SimpleMeterRegistry());
    for (int i = 0; i < 50; i++) {
      throttle.beginAttempt(ANN, new Client("10.0.1." + i, null), () -> false);
    }
    assertThat(refusal(throttle, ANN, "10.0.2.1")).isEqualTo(limited(1));
    throttle.beginAttempt(ANN, new Client("192.0.2.1", null), () -> true);
    throttle.beginAttempt("bob@example.org", new Client("10.0.2.1", null), () -> false);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_1_1_findsOpenSessionByAddress(TestStore store) {
    try (var node = new AuthNode(store, 5, 100, YEAR)) {
      var ann = node.register(ANN, PASSWORD);
      var sessionLists = new SessionListStore(store.clock());
      String here = AuthNode.CLIENT.address();

      assertThat(sessionLists.hasSessionAt(store.database(), ann.player(), here)).isTrue();
      assertThat(sessionLists.hasSessionAt(store.database(), ann.player(), "10.0.0.9")).isFalse();
      node.ask(new AuthCommand.SignOut(node.sessionId(ann)));
      assertThat(sessionLists.hasSessionAt(store.database(), ann.player(), here)).isFalse();
    }
  }

  private static Refusal refusal(SignInThrottle throttle, String account, String address) {
    try {
      throttle.beginAttempt(account, new Client(address, null), () -> false);
    } catch (Refused refused) {
      return refused.refusal();
    }
    throw new AssertionError("not refused");
  }

  private static Refusal limited(int seconds) {
    return new Limited("too_many_attempts", Duration.ofSeconds(seconds));
  }

  private static AuthCommand.SignInByPassword signIn(
      String email, String password, String address) {
    return new AuthCommand.SignInByPassword(email, password, null, new Client(address, null));
  }
}
