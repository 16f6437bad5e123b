package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Sessions;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A ban refuses every sign-in method until it expires or is lifted. */
final class BanTest {
  private static final PlayerId ADMIN = new PlayerId(1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String EMAIL = "bob@example.org";
  private static final String PASSWORD = "correct horse";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void banEndsSessionsAndRefusesEverySignInMethod(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.signInByDevice("admin");
      var bob = node.register(EMAIL, PASSWORD);
      node.ask(new AuthCommand.SignInByPassword(EMAIL, PASSWORD, "phone", AuthNode.CLIENT));
      var ended = Promise.<Boolean>promise();
      node.sessions().onEnd(node.sessionId(bob), () -> ended.complete(true));

      node.ask(new AuthCommand.Ban(bob.player(), ADMIN, "cheating", null));

      assertThat(TestBus.await(ended.future())).isTrue();
      assertThat(node.authenticationRefusal(bob)).isEqualTo(new Denied("session_ended"));
      var no = banned("cheating", "");
      assertThat(node.refusal(new AuthCommand.SignInByDevice("phone", AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(no);
      assertThat(node.refusal(new AuthCommand.Refresh(bob.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(no);
      // A wrong password does not reveal the ban.
      assertThat(node.refusal(byPassword("wrong horse")))
          .isEqualTo(new Denied("invalid_credentials"));
      assertThat(countOpenSessions(node, bob.player())).isZero();
      assertThat(node.signInByDevice("another").player()).isNotEqualTo(bob.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void banExpiresAndCanBeLifted(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.signInByDevice("admin");
      var bob = node.signInByDevice("bob").player();
      long until = store.clock().millis() + 3_600_000;
      node.ask(new AuthCommand.Ban(bob, ADMIN, "an hour to cool off", until));

      assertThat(node.refusal(new AuthCommand.SignInByDevice("bob", AuthNode.CLIENT)))
          .isEqualTo(banned("an hour to cool off", "2026-01-01T01:00:00Z"));
      assertThat(account(node, bob).ban().reason()).isEqualTo("an hour to cool off");
      store.clock().advance(Duration.ofHours(1));
      assertThat(node.signInByDevice("bob").player()).isEqualTo(bob);
      assertThat(account(node, bob).ban()).isNull();

      node.ask(new AuthCommand.Ban(bob, ADMIN, "once more", null));
      node.ask(new AuthCommand.LiftBan(bob));
      node.ask(new AuthCommand.LiftBan(bob));
      assertThat(node.signInByDevice("bob").player()).isEqualTo(bob);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void rejectsInvalidBans(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      var admin = node.signInByDevice("admin");
      var bob = node.signInByDevice("bob");
      long past = store.clock().millis();

      assertThat(invalidFields(node, new AuthCommand.Ban(bob.player(), ADMIN, " ", past)))
          .isEqualTo(
              Map.of(
                  "reason", List.of("can't be blank"), "until", List.of("must be in the future")));
      assertThat(
              invalidFields(node, new AuthCommand.Ban(bob.player(), ADMIN, "x".repeat(501), null)))
          .containsOnlyKeys("reason");
      assertThat(node.refusal(new AuthCommand.Ban(new PlayerId(99), ADMIN, "x", null)))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new AuthCommand.LiftBan(new PlayerId(99))))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new AuthCommand.Ban(admin.player(), admin.player(), "x", null)))
          .isEqualTo(new Conflict("cannot_ban_self"));
      store.clock().advance(Sessions.CACHE_TTL);
      assertThat(node.authenticated(bob)).isEqualTo(bob.player());
      assertThat(node.authenticated(admin)).isEqualTo(admin.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signInsConcurrentWithBanLeaveNoSession(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.signInByDevice("admin");
      var bob = node.signInByDevice("bob");
      for (int round = 0; round < 10; round++) {
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < 20; i++) {
          all.add(node.bus().bus().ask(new AuthCommand.SignInByDevice("bob", AuthNode.CLIENT)));
          if (i == 10) {
            all.add(node.bus().bus().ask(new AuthCommand.Ban(bob.player(), ADMIN, "x", null)));
          }
        }
        TestBus.await(Future.join(all).otherwiseEmpty());

        assertThat(countOpenSessions(node, bob.player())).isZero();
        node.ask(new AuthCommand.LiftBan(bob.player()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void adminSearchFiltersByActiveBan(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      var admin = node.signInByDevice("admin").player();
      var expired = node.signInByDevice("over").player();
      var banned = node.signInByDevice("banned").player();
      var free = node.register(EMAIL, PASSWORD).player();
      node.ask(new AuthCommand.Ban(expired, admin, "x", store.clock().millis() + 1_000));
      node.ask(new AuthCommand.Ban(banned, admin, "x", store.clock().millis() + 2_000));
      store.clock().advance(Duration.ofSeconds(1));

      assertThat(search(node, null, true, null)).containsExactly(banned);
      assertThat(search(node, null, false, null)).containsExactly(free, expired, admin);
      assertThat(search(node, null, null, true)).containsExactly(admin);
      assertThat(search(node, null, false, false)).containsExactly(free, expired);
      assertThat(search(node, null, null, null)).containsExactly(free, banned, expired, admin);
      assertThat(search(node, "BOB@example.org", null, null)).containsExactly(free);
      assertThat(search(node, banned.toString(), true, false)).containsExactly(banned);
      assertThat(search(node, banned.toString(), false, null)).isEmpty();
      assertThat(search(node, "a\0", null, null)).isEmpty();
    }
  }

  private static List<PlayerId> search(AuthNode node, String text, Boolean banned, Boolean admin) {
    var all = new PlayerCommand.SearchAccounts(text, banned, admin, new Page.Request(1, 25));
    return node.ask(all).items().stream().map(account -> account.player().id()).toList();
  }

  private static Account account(AuthNode node, PlayerId player) {
    return node.ask(new PlayerCommand.FindAccount(player));
  }

  private static long countOpenSessions(AuthNode node, PlayerId player) {
    return node.ask(new AuthCommand.ListSessions(player, new Page.Request(1, 25))).total();
  }

  private static AuthCommand.SignInByPassword byPassword(String password) {
    return new AuthCommand.SignInByPassword(EMAIL, password, null, AuthNode.CLIENT);
  }

  private static Denied banned(String reason, String until) {
    return new Denied("account_banned", Map.of("message", reason, "banned_until", until));
  }

  private static Map<String, List<String>> invalidFields(AuthNode node, AuthCommand<?> command) {
    Refusal refusal = node.refusal(command);
    assertThat(refusal).isInstanceOf(Invalid.class);
    return ((Invalid) refusal).fields();
  }
}
