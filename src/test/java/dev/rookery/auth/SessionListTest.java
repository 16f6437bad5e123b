package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Session lists, ending single sessions, and the limits on session count and lifetime. */
final class SessionListTest {
  private static final Page.Request PAGE = new Page.Request(1, 25);
  private static final Duration YEAR = Duration.ofDays(365);

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsOwnOpenSessionsNewestFirst(TestStore store) {
    try (var node = new AuthNode(store, 7, 100, YEAR)) {
      var phone = node.signInByDevice("ann");
      store.clock().advance(Duration.ofMinutes(1));
      var other = new Client("10.0.0.1", "a console\u0007");
      var console = node.ask(new AuthCommand.SignInByDevice("ann", other));
      node.signInByDevice("bob");
      store.clock().advance(Duration.ofMinutes(1));
      node.refresh(phone);

      List<OpenSession> listed = list(node, phone.player());
      assertThat(listed)
          .extracting(OpenSession::id)
          .containsExactly(node.sessionId(console), node.sessionId(phone));
      assertThat(listed.getFirst().address()).isEqualTo("10.0.0.1");
      assertThat(listed.getFirst().userAgent()).isEqualTo("a console?");
      assertThat(listed.getFirst().kind()).isEqualTo("device");
      OpenSession phoneSession = listed.getLast();
      assertThat(phoneSession.usedMs() - phoneSession.createdMs()).isEqualTo(120_000);
      assertThat(phoneSession.expiresMs())
          .isEqualTo(phoneSession.usedMs() + Tokens.REFRESH_LIFETIME.toMillis());

      node.ask(new AuthCommand.SignOut(node.sessionId(phone)));
      assertThat(list(node, phone.player()))
          .extracting(OpenSession::id)
          .containsExactly(node.sessionId(console));
      store.clock().advance(Tokens.REFRESH_LIFETIME);
      assertThat(list(node, phone.player())).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void pagesTheList(TestStore store) {
    try (var node = new AuthNode(store, 7, 100, YEAR)) {
      var player = node.signInByDevice("ann").player();
      IntStream.range(0, 4).forEach(_ -> node.signInByDevice("ann"));
      node.signInByDevice("bob");

      Page<OpenSession> second =
          node.ask(new AuthCommand.ListSessions(player, new Page.Request(2, 2)));
      assertThat(second.total()).isEqualTo(5);
      assertThat(second.items()).hasSize(2);
      Page<OpenSession> all = node.ask(new AuthCommand.ListSessions(null, new Page.Request(1, 4)));
      assertThat(all.total()).isEqualTo(6);
      assertThat(all.items()).hasSize(4);
      assertThat(all.items().getFirst().player()).isNotEqualTo(player);
      assertThat(all.items()).isSortedAccordingTo((a, b) -> Long.compare(b.number(), a.number()));
      assertThat(node.ask(new AuthCommand.ListSessions(null, new Page.Request(9, 4))).items())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void playerCanEndOnlyOwnSessions(TestStore store) {
    try (var node = new AuthNode(store, 7, 100, YEAR)) {
      var ann = node.signInByDevice("ann");
      var kept = node.signInByDevice("ann");
      var bob = node.signInByDevice("bob");
      long number = number(node, ann);

      assertThat(node.refusal(new AuthCommand.EndSession(number, bob.player())))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.authenticated(ann)).isEqualTo(ann.player());
      node.ask(new AuthCommand.EndSession(number, ann.player()));
      assertThat(node.refusal(new AuthCommand.EndSession(number, ann.player())))
          .isEqualTo(new Missing("not_found"));
      store.clock().advance(Sessions.CACHE_TTL);
      assertThat(node.authenticationRefusal(ann)).isEqualTo(new Denied("session_ended"));
      assertThat(node.authenticated(kept)).isEqualTo(ann.player());

      node.ask(new AuthCommand.EndSession(number(node, kept), null));
      store.clock().advance(Sessions.CACHE_TTL);
      assertThat(node.authenticationRefusal(kept)).isEqualTo(new Denied("session_ended"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_1_2_excessSessionEndsTheLeastRecentlyUsed(TestStore store) {
    try (var node = new AuthNode(store, 7, 3, YEAR)) {
      var oldest = node.signInByDevice("ann");
      store.clock().advance(Duration.ofSeconds(1));
      var second = node.signInByDevice("ann");
      store.clock().advance(Duration.ofSeconds(1));
      var third = node.signInByDevice("ann");
      var bob = node.signInByDevice("bob");
      store.clock().advance(Duration.ofSeconds(1));
      var refreshed = node.refresh(oldest);
      var ended = io.vertx.core.Promise.<Boolean>promise();
      node.sessions().onEnd(node.sessionId(second), () -> ended.complete(true));

      var fourth = node.signInByDevice("ann");

      assertThat(TestBus.await(ended.future())).isTrue();
      assertThat(node.authenticationRefusal(second)).isEqualTo(new Denied("session_ended"));
      for (TokenPair open : List.of(refreshed, third, fourth, bob)) {
        assertThat(node.authenticated(open)).isEqualTo(open.player());
      }
      assertThat(list(node, fourth.player())).hasSize(3);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void gameEndsWithTheExcessSessionOfItsBrowser(TestStore store) {
    try (var node = new AuthNode(store, 7, 3, YEAR)) {
      var browser = node.signInByDevice("ann");
      store.clock().advance(Duration.ofSeconds(1));
      var game = openGame(node, browser);
      node.signInByDevice("ann");
      store.clock().advance(Duration.ofSeconds(1));
      node.signInByDevice("ann");

      assertThat(node.refusal(new AuthCommand.Refresh(game.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(new Denied("invalid_token"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void gameEndsWithTheExpiredSessionOfItsBrowser(TestStore store) {
    TokenPair used;
    try (var node = new AuthNode(store, 7, 100, YEAR)) {
      var game = openGame(node, node.signInByDevice("ann"));
      store.clock().advance(Tokens.REFRESH_LIFETIME.minusDays(1));
      used = node.refresh(game);
    }
    store.clock().advance(Duration.ofDays(2));
    // It sweeps as soon as it starts.
    try (var node = new AuthNode(store, 8, 100, YEAR)) {
      Eventually.holds(() -> list(node, used.player()).isEmpty());
      assertThat(node.refusal(new AuthCommand.Refresh(used.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(new Denied("invalid_token"));
    }
  }

  private static TokenPair openGame(AuthNode node, TokenPair browser) {
    return node.ask(
        new AuthCommand.OpenPlaySession(
            browser.player(), node.sessionId(browser), AuthNode.CLIENT));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void concurrentSignInsStayWithinTheSessionLimit(TestStore store) {
    try (var node = new AuthNode(store, 7, 5, YEAR)) {
      PlayerId ann = node.register("ann@example.org", "correct horse").player();
      node.ask(
          new AuthCommand.SignInByPassword(
              "ann@example.org", "correct horse", "phone", AuthNode.CLIENT));
      List<Future<TokenPair>> all =
          IntStream.range(0, 120).mapToObj(i -> node.bus().bus().ask(mixedSignIn(i))).toList();
      TestBus.await(Future.all(all));

      assertThat(list(node, ann)).hasSize(5);
      assertThat(list(node, node.signInByDevice("other").player())).hasSize(5);
    }
  }

  private static AuthCommand<TokenPair> mixedSignIn(int turn) {
    // More concurrent passwords than these would be throttled.
    if (turn % 40 == 0) {
      return new AuthCommand.SignInByPassword(
          "ann@example.org", "correct horse", null, AuthNode.CLIENT);
    }
    return switch (turn % 4) {
      case 1 -> new AuthCommand.SignInByDevice("other", AuthNode.CLIENT);
      default -> new AuthCommand.SignInByDevice("phone", AuthNode.CLIENT);
    };
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_3_2_asvs_10_4_8_sessionEndsAtMaximumLifetimeDespiteRefreshes(TestStore store) {
    try (var node = new AuthNode(store, 7, 100, Duration.ofDays(50))) {
      var last = node.signInByDevice("ann");
      for (int refreshes = 0; refreshes < 2; refreshes++) {
        store.clock().advance(Duration.ofDays(24));
        last = node.refresh(last);
      }
      assertThat(node.authenticated(last)).isEqualTo(last.player());
      assertThat(list(node, last.player()).getFirst().expiresMs())
          .isEqualTo(store.clock().millis() + Duration.ofDays(2).toMillis());

      store.clock().advance(Duration.ofDays(2));
      assertThat(node.refusal(new AuthCommand.Refresh(last.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(new Denied("invalid_token"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_2_2_asvs_7_2_3_sessionIdsAreLongAndUnique(TestStore store) {
    try (var node = new AuthNode(store, 7, 100, YEAR)) {
      var ids = new HashSet<String>();
      IntStream.range(0, 50)
          .mapToObj(_ -> node.sessionId(node.signInByDevice("ann")).value())
          .forEach(ids::add);

      assertThat(ids).hasSize(50);
      assertThat(ids)
          .allMatch(name -> Base64.getUrlDecoder().decode(name.substring(12)).length >= 16);
    }
  }

  private static List<OpenSession> list(AuthNode node, PlayerId player) {
    return node.ask(new AuthCommand.ListSessions(player, PAGE)).items();
  }

  private static long number(AuthNode node, TokenPair tokenPair) {
    return list(node, tokenPair.player()).stream()
        .filter(session -> session.id().equals(node.sessionId(tokenPair)))
        .findFirst()
        .orElseThrow()
        .number();
  }
}
