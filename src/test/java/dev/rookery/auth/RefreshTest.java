package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal.Denied;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A refresh token works once, and again where its answer was lost; on both databases. */
final class RefreshTest {
  private static AuthNode node(TestStore store, int seed) {
    return new AuthNode(store, seed, 100, Duration.ofDays(365));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_10_4_5_reusedRefreshTokenEndsTheSession(TestStore store) {
    try (var node = node(store, 1)) {
      var signedIn = node.signInByDevice("phone");
      var refreshed = node.refresh(signedIn);
      assertThat(refreshed.player()).isEqualTo(signedIn.player());
      assertThat(node.authenticated(refreshed)).isEqualTo(signedIn.player());

      store.clock().advance(SessionStore.REPEATABLE_FOR);
      assertSessionEndsWith(node, signedIn, refreshed);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_10_4_5_refreshTokenReusedAfterItsSuccessorEndsTheSession(TestStore store) {
    try (var node = node(store, 1)) {
      var signedIn = node.signInByDevice("phone");
      assertSessionEndsWith(node, signedIn, node.refresh(node.refresh(signedIn)));
    }
  }

  private static void assertSessionEndsWith(AuthNode node, TokenPair reused, TokenPair current) {
    for (TokenPair pair : new TokenPair[] {reused, current}) {
      assertThat(node.refusal(new AuthCommand.Refresh(pair.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(new Denied("invalid_token"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void spentRefreshTokenGivesTheSameSuccessorOnAnyNodeWhileThatIsUnused(TestStore store) {
    try (var node = node(store, 1);
        var other = node(store, 2)) {
      var spent = node.signInByDevice("phone");
      for (int round = 0; round < 3; round++) {
        var answered = node.refresh(spent);
        // Access with the new token does not count as its use.
        assertThat(other.authenticated(answered)).isEqualTo(answered.player());
        store.clock().advance(SessionStore.REPEATABLE_FOR.minusMillis(1));

        var repeated = other.refresh(spent);
        assertThat(repeated.refreshToken()).isEqualTo(answered.refreshToken());
        assertThat(repeated.accessToken()).isEqualTo(answered.accessToken());
        assertThat(repeated.accessLifetime()).isEqualTo(answered.accessLifetime().minusSeconds(29));
        assertThat(node.refresh(spent)).isEqualTo(repeated);
        spent = repeated;
      }
      assertThat(node.authenticated(node.refresh(spent))).isEqualTo(spent.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void concurrentRefreshesGiveTheSameSuccessor(TestStore store) {
    try (var node = node(store, 1);
        var other = node(store, 2)) {
      for (int round = 0; round < 20; round++) {
        var signedIn = node.signInByDevice("phone");
        var refresh = new AuthCommand.Refresh(signedIn.refreshToken(), AuthNode.CLIENT);
        var one = node.bus().bus().ask(refresh);
        var two = other.bus().bus().ask(refresh);
        TestBus.await(Future.join(one, two));

        assertThat(one.result()).isEqualTo(two.result());
        assertThat(one.result().refreshToken()).isNotEqualTo(signedIn.refreshToken());
        assertThat(node.authenticated(other.refresh(one.result()))).isEqualTo(signedIn.player());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void spentRefreshTokenOfAnEndedSessionGivesNothing(TestStore store) {
    try (var node = node(store, 1)) {
      var signedIn = node.signInByDevice("phone");
      node.refresh(signedIn);
      node.ask(new AuthCommand.SignOutAll(signedIn.player(), null));
      assertThat(node.refusal(new AuthCommand.Refresh(signedIn.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(new Denied("invalid_token"));
    }
  }
}
