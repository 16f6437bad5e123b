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

/** A ban keeps a player out by every way in, and ends when it should. */
final class BanTest {
  private static final PlayerId ADMIN = new PlayerId(1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String EMAIL = "bob@example.org";
  private static final String PASSWORD = "correct horse";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aBannedPlayerIsOutAndNoWayLeadsIn(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.byDevice("admin");
      var bob = node.register(EMAIL, PASSWORD);
      node.ask(new AuthCommand.SignInByPassword(EMAIL, PASSWORD, "phone", AuthNode.CLIENT));
      var ended = Promise.<Boolean>promise();
      node.sessions().whenEnded(node.session(bob), () -> ended.complete(true));

      node.ask(new AuthCommand.Ban(bob.player(), ADMIN, "cheating", null));

      assertThat(TestBus.await(ended.future())).isTrue();
      assertThat(node.shutOut(bob)).isEqualTo(new Denied("session_ended"));
      var no = banned("cheating", "");
      assertThat(node.refusal(new AuthCommand.SignInByDevice("phone", AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(no);
      assertThat(node.refusal(new AuthCommand.Refresh(bob.refreshToken(), AuthNode.CLIENT)))
          .isEqualTo(no);
      // Whoever does not know the password learns nothing of the ban either.
      assertThat(node.refusal(byPassword("wrong horse")))
          .isEqualTo(new Denied("invalid_credentials"));
      assertThat(open(node, bob.player())).isZero();
      assertThat(node.byDevice("another").player()).isNotEqualTo(bob.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aBanEndsByItselfAndCanBeLiftedBefore(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.byDevice("admin");
      var bob = node.byDevice("bob").player();
      long until = store.clock().millis() + 3_600_000;
      node.ask(new AuthCommand.Ban(bob, ADMIN, "an hour to cool off", until));

      assertThat(node.refusal(new AuthCommand.SignInByDevice("bob", AuthNode.CLIENT)))
          .isEqualTo(banned("an hour to cool off", "2026-01-01T01:00:00Z"));
      assertThat(account(node, bob).ban().reason()).isEqualTo("an hour to cool off");
      store.clock().advance(Duration.ofHours(1));
      assertThat(node.byDevice("bob").player()).isEqualTo(bob);
      assertThat(account(node, bob).ban()).isNull();

      node.ask(new AuthCommand.Ban(bob, ADMIN, "once more", null));
      node.ask(new AuthCommand.LiftBan(bob));
      node.ask(new AuthCommand.LiftBan(bob));
      assertThat(node.byDevice("bob").player()).isEqualTo(bob);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aBanNeedsAReasonAPlayerAndAnEndThatIsToCome(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      var admin = node.byDevice("admin");
      var bob = node.byDevice("bob");
      long past = store.clock().millis();

      assertThat(invalid(node, new AuthCommand.Ban(bob.player(), ADMIN, " ", past)))
          .isEqualTo(
              Map.of(
                  "reason", List.of("can't be blank"), "until", List.of("must be in the future")));
      assertThat(invalid(node, new AuthCommand.Ban(bob.player(), ADMIN, "x".repeat(501), null)))
          .containsOnlyKeys("reason");
      assertThat(node.refusal(new AuthCommand.Ban(new PlayerId(99), ADMIN, "x", null)))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new AuthCommand.LiftBan(new PlayerId(99))))
          .isEqualTo(new Missing("not_found"));
      assertThat(node.refusal(new AuthCommand.Ban(admin.player(), admin.player(), "x", null)))
          .isEqualTo(new Conflict("cannot_ban_self"));
      store.clock().advance(Sessions.FRESH_FOR);
      assertThat(node.authenticated(bob)).isEqualTo(bob.player());
      assertThat(node.authenticated(admin)).isEqualTo(admin.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoSignsInWhileHeIsBannedHasNoSessionAfterwards(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      node.byDevice("admin");
      var bob = node.byDevice("bob");
      for (int round = 0; round < 10; round++) {
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < 20; i++) {
          all.add(node.bus().bus().ask(new AuthCommand.SignInByDevice("bob", AuthNode.CLIENT)));
          if (i == 10) {
            all.add(node.bus().bus().ask(new AuthCommand.Ban(bob.player(), ADMIN, "x", null)));
          }
        }
        TestBus.await(Future.join(all).otherwiseEmpty());

        assertThat(open(node, bob.player())).isZero();
        node.ask(new AuthCommand.LiftBan(bob.player()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void adminsFindThoseWhoAreBannedNow(TestStore store) {
    try (var node = new AuthNode(store, 3, 100, YEAR)) {
      var admin = node.byDevice("admin").player();
      var over = node.byDevice("over").player();
      var banned = node.byDevice("banned").player();
      var free = node.register(EMAIL, PASSWORD).player();
      node.ask(new AuthCommand.Ban(over, admin, "x", store.clock().millis() + 1_000));
      node.ask(new AuthCommand.Ban(banned, admin, "x", store.clock().millis() + 2_000));
      store.clock().advance(Duration.ofSeconds(1));

      assertThat(found(node, null, true, null)).containsExactly(banned);
      assertThat(found(node, null, false, null)).containsExactly(free, over, admin);
      assertThat(found(node, null, null, true)).containsExactly(admin);
      assertThat(found(node, null, false, false)).containsExactly(free, over);
      assertThat(found(node, null, null, null)).containsExactly(free, banned, over, admin);
      assertThat(found(node, "BOB@example.org", null, null)).containsExactly(free);
      assertThat(found(node, banned.toString(), true, false)).containsExactly(banned);
      assertThat(found(node, banned.toString(), false, null)).isEmpty();
      assertThat(found(node, "a\0", null, null)).isEmpty();
    }
  }

  private static List<PlayerId> found(AuthNode node, String text, Boolean banned, Boolean admin) {
    var all = new PlayerCommand.SearchAccounts(text, banned, admin, new Page.Request(1, 25));
    return node.ask(all).items().stream().map(account -> account.player().id()).toList();
  }

  private static Account account(AuthNode node, PlayerId player) {
    return node.ask(new PlayerCommand.FindAccount(player));
  }

  private static long open(AuthNode node, PlayerId player) {
    return node.ask(new AuthCommand.ListSessions(player, new Page.Request(1, 25))).total();
  }

  private static AuthCommand.SignInByPassword byPassword(String password) {
    return new AuthCommand.SignInByPassword(EMAIL, password, null, AuthNode.CLIENT);
  }

  private static Denied banned(String reason, String until) {
    return new Denied("account_banned", Map.of("message", reason, "banned_until", until));
  }

  private static Map<String, List<String>> invalid(AuthNode node, AuthCommand<?> command) {
    Refusal refusal = node.refusal(command);
    assertThat(refusal).isInstanceOf(Invalid.class);
    return ((Invalid) refusal).fields();
  }
}
