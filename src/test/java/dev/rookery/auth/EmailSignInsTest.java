package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Unavailable;
import dev.rookery.base.SessionId;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.email.SmtpEmailSender;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestMailServer;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sign-in by email, over a real SMTP server. Test names carry requirements of OWASP ASVS 5.0. */
final class EmailSignInsTest {
  private static final Denied INVALID = new Denied("invalid_token");
  private static final String ANN = "ann@example.org";
  private static final String PASSWORD = "correct horse";

  private final TestMailServer mail = TestMailServer.start();

  @AfterEach
  void close() {
    mail.close();
  }

  private AuthNode node(TestStore store) {
    return new AuthNode(
        store, vertx -> new SmtpEmailSender(vertx, mail.config(), "Rookery <game@example.com>"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void invitesInTheLanguageOfTheRecipientOrOfTheAdmin(TestStore store) {
    try (var node = node(store)) {
      PlayerId admin = node.signInByDevice("admin").player();
      node.ask(new PlayerCommand.ChooseLanguage(admin, "de"));
      node.ask(invite("bob@example.org", admin));
      TestMailServer.Received toBob = mail.await("bob@example.org", 1);
      assertThat(toBob.subject()).contains("eingeladen");
      assertThat(toBob.text())
          .contains("Kim lädt dich zur Rolle „viewer“", "1 Tag", "/admin/invite/secret");

      register(node, ANN);
      PlayerId ann = signInWithToken(node, mail.await(ANN, 1).code()).player();
      node.ask(new PlayerCommand.ChooseLanguage(ann, "fr"));
      node.ask(invite(ANN, admin));
      assertThat(mail.await(ANN, 2).subject()).contains("Vous êtes invité");
      node.ask(new EmailCommand.SendTest(ann));
      assertThat(mail.await(ANN, 3).subject()).startsWith("Test de");
    }
  }

  private static EmailCommand.SendInvite invite(String email, PlayerId admin) {
    return new EmailCommand.SendInvite(email, "viewer", admin, "Kim", "/admin/invite/secret");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_3_8_registrationAnswerDoesNotTellWhetherEmailIsTaken(TestStore store) {
    try (var node = node(store)) {
      node.signInByDevice("admin");
      assertThat(register(node, ANN)).isEqualTo(new RegistrationResult(null));
      var ann = signInWithToken(node, mail.await(ANN, 1).code());
      assertThat(node.authenticated(ann)).isEqualTo(ann.player());
      assertThat(find(node, ann.player()).email()).isEqualTo(ANN);
      assertThat(find(node, ann.player()).displayName()).isEqualTo("Name");

      assertThat(register(node, ANN)).isEqualTo(new RegistrationResult(null));
      TestMailServer.Received second = mail.await(ANN, 2);
      assertThat(second.subject()).isEqualTo("You already have an account");
      assertThat(second.text()).doesNotContain("code");
      assertThat(node.ask(byPassword(PASSWORD)).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void createsPlayerOnlyAfterEmailIsConfirmed(TestStore store) {
    try (var node = node(store)) {
      node.signInByDevice("admin");
      register(node, ANN);
      String code = mail.await(ANN, 1).code();
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(new Denied("invalid_credentials"));
      store.clock().advance(Duration.ofDays(7));
      assertThat(node.refusal(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT)))
          .isEqualTo(INVALID);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void firstPlayerNeedsNoConfirmationEmail(TestStore store) {
    try (var node = node(store)) {
      assertThat(register(node, ANN).tokens()).isNotNull();
      assertThat(register(node, "bob@example.org").tokens()).isNull();
      assertThat(mail.await("bob@example.org", 1).from()).contains("game@example.com");
      assertThat(mail.to(ANN)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_5_1_onlyNewestMagicLinkWorksAndOnlyOnce(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      requestMagicLink(node, " ANN@example.org");
      String older = mail.await(ANN, 1).code();
      requestMagicLink(node, ANN);
      String newer = mail.await(ANN, 2).code();

      assertThat(node.refusal(new EmailCommand.SignInWithToken(older, AuthNode.CLIENT)))
          .isEqualTo(INVALID);
      assertThat(signInWithToken(node, newer).player()).isEqualTo(ann.player());
      assertThat(node.refusal(new EmailCommand.SignInWithToken(newer, AuthNode.CLIENT)))
          .isEqualTo(INVALID);
      // A code works only for the purpose it was sent for.
      requestMagicLink(node, ANN);
      String third = mail.await(ANN, 3).code();
      assertThat(node.refusal(resetPassword(third, "battery staple"))).isEqualTo(INVALID);
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(third))).isEqualTo(INVALID);
      assertThat(signInWithToken(node, third).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_5_1_concurrentUsesOfOneCodeSignInOnce(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      requestMagicLink(node, ANN);
      String code = mail.await(ANN, 1).code();
      List<Future<TokenPair>> all =
          IntStream.range(0, 20)
              .mapToObj(
                  _ ->
                      node.bus().bus().ask(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT)))
              .toList();
      TestBus.await(Future.join(all).otherwiseEmpty());

      assertThat(all.stream().filter(Future::succeeded)).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_5_5_codeExpires(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      requestMagicLink(node, ANN);
      node.ask(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT));
      Eventually.holds(() -> mail.to(ANN).size() == 2);
      store.clock().advance(Duration.ofMinutes(15));

      for (TestMailServer.Received email : mail.to(ANN)) {
        assertThat(node.refusal(new EmailCommand.SignInWithToken(email.code(), AuthNode.CLIENT)))
            .isEqualTo(INVALID);
        assertThat(node.refusal(resetPassword(email.code(), "battery staple"))).isEqualTo(INVALID);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_4_1_asvs_6_5_2_asvs_6_5_3_asvs_6_5_4_codesAreRandomAndStoredHashed(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      requestMagicLink(node, ANN);
      String code = mail.await(ANN, 1).code();

      assertThat(code).hasSize(43);
      var stored =
          store
              .database()
              .read("SELECT digest, email, payload FROM mail_token")
              .all(row -> row.text("digest") + row.text("email") + row.text("payload"));
      assertThat(stored).hasSize(1).noneMatch(text -> text.contains(code));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_4_3_passwordResetEndsAllOtherSessions(TestStore store) {
    try (var node = node(store)) {
      var before = node.register(ANN, PASSWORD);
      node.ask(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT));
      String code = mail.await(ANN, 1).code();

      // An invalid password does not use up the code.
      assertThat(node.refusal(resetPassword(code, "short"))).isInstanceOf(Invalid.class);
      var after = node.ask(resetPassword(code, "battery staple"));

      assertThat(after.player()).isEqualTo(before.player());
      store.clock().advance(Duration.ofSeconds(1));
      assertThat(node.authenticationRefusal(before)).isEqualTo(new Denied("session_ended"));
      assertThat(node.authenticated(after)).isEqualTo(before.player());
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(new Denied("invalid_credentials"));
      assertThat(node.ask(byPassword("battery staple")).player()).isEqualTo(before.player());
      assertThat(mail.await(ANN, 2).subject()).isEqualTo("Your password was changed");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_3_8_unknownEmailGetsSameAnswerAndNoEmail(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      requestMagicLink(node, "nobody@example.org");
      node.ask(new EmailCommand.RequestPasswordReset("nobody@example.org", AuthNode.CLIENT));
      requestMagicLink(node, ANN);

      mail.await(ANN, 1);
      assertThat(mail.to("nobody@example.org")).isEmpty();
      assertThat(node.refusal(new EmailCommand.RequestMagicLink("no address", AuthNode.CLIENT)))
          .isInstanceOf(Invalid.class);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void dropsEmailsBeyondTheLimitSilently(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      for (int i = 0; i < 12; i++) {
        requestMagicLink(node, ANN);
      }
      register(node, "bob@example.org");
      mail.await("bob@example.org", 1);
      assertThat(mail.to(ANN)).hasSizeLessThanOrEqualTo(5);
      store.clock().advance(Duration.ofHours(6));
      requestMagicLink(node, ANN);
      mail.await(ANN, 6);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void changesEmailOnceNewAddressIsConfirmed(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      node.ask(requestEmailChange(ann, node.sessionId(ann), "new@example.org", null));
      String code = mail.await("new@example.org", 1).code();
      assertThat(find(node, ann.player()).email()).isEqualTo(ANN);

      node.ask(new EmailCommand.ConfirmEmailChange(code));

      assertThat(find(node, ann.player()).email()).isEqualTo("new@example.org");
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(code))).isEqualTo(INVALID);
      assertThat(mail.await(ANN, 1).subject()).isEqualTo("Your email address was changed");
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(new Denied("invalid_credentials"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void emailTakenMeanwhileIsNotChanged(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      node.ask(requestEmailChange(ann, node.sessionId(ann), "new@example.org", null));
      String code = mail.await("new@example.org", 1).code();
      var bob = node.signInByDevice("bob");
      node.ask(requestEmailChange(bob, node.sessionId(bob), "new@example.org", null));
      String bobs = mail.await("new@example.org", 2).code();
      node.ask(new EmailCommand.ConfirmEmailChange(bobs));

      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(code))).isEqualTo(INVALID);
      assertThat(find(node, bob.player()).email()).isEqualTo("new@example.org");
      node.ask(requestEmailChange(ann, node.sessionId(ann), "third@example.org", null));
      String third = mail.await("third@example.org", 1).code();
      register(node, "third@example.org");
      signInWithToken(node, mail.await("third@example.org", 2).code());
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(third)))
          .isEqualTo(new Conflict("email_taken"));
      // A request for a taken address gets the same answer and sends no email.
      node.ask(requestEmailChange(ann, node.sessionId(ann), "new@example.org", null));
      requestMagicLink(node, ANN);
      mail.await(ANN, 1);
      assertThat(mail.to("new@example.org")).hasSize(2);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_5_1_oldSessionAloneCannotChangeCredentials(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      SessionId session = node.sessionId(ann);
      store.clock().advance(Duration.ofMinutes(21));
      var no = new Denied("reauthentication_required");

      assertThat(node.refusal(requestEmailChange(ann, session, "new@example.org", null)))
          .isEqualTo(no);
      assertThat(node.refusal(changePassword(ann, session, null))).isEqualTo(no);
      assertThat(node.refusal(requestEmailChange(ann, session, "new@example.org", "wrong")))
          .isInstanceOf(Invalid.class);
      node.ask(requestEmailChange(ann, session, "new@example.org", PASSWORD));
      mail.await("new@example.org", 1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_2_2_asvs_6_2_3_changingPasswordRequiresCurrentPassword(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      for (int free = 0; free < 5; free++) {
        assertThat(
                ((Invalid) node.refusal(changePassword(ann, node.sessionId(ann), "wrong")))
                    .fields())
            .containsOnlyKeys("current_password");
      }
      // Attempts are limited here too.
      assertThat(node.refusal(changePassword(ann, node.sessionId(ann), PASSWORD)).code())
          .isEqualTo("too_many_attempts");
      store.clock().advance(Duration.ofSeconds(2));
      node.ask(changePassword(ann, node.sessionId(ann), PASSWORD));
      assertThat(node.ask(byPassword("battery staple")).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void refusesEmailRequestsWhenEmailIsNotConfigured(TestStore store) {
    try (var node = new AuthNode(store, _ -> new PreviewEmailSender(true))) {
      var ann = node.register(ANN, PASSWORD);
      var no = new Unavailable("mail_not_configured");
      assertThat(node.refusal(new EmailCommand.RequestMagicLink(ANN, AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(node.refusal(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(
              node.refusal(requestEmailChange(ann, node.sessionId(ann), "new@example.org", null)))
          .isEqualTo(no);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void bannedPlayerCannotSignInByEmail(TestStore store) {
    try (var node = node(store)) {
      var admin = node.signInByDevice("admin").player();
      register(node, ANN);
      var ann = signInWithToken(node, mail.await(ANN, 1).code());
      requestMagicLink(node, ANN);
      String code = mail.await(ANN, 2).code();
      node.ask(new AuthCommand.Ban(ann.player(), admin, "x", null));

      assertThat(node.refusal(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT)).code())
          .isEqualTo("account_banned");
    }
  }

  private static RegistrationResult register(AuthNode node, String email) {
    return node.ask(new AuthCommand.Register(email, PASSWORD, null, "Name", null, AuthNode.CLIENT));
  }

  private static void requestMagicLink(AuthNode node, String email) {
    node.ask(new EmailCommand.RequestMagicLink(email, AuthNode.CLIENT));
  }

  private static TokenPair signInWithToken(AuthNode node, String code) {
    return node.ask(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT));
  }

  private static EmailCommand.ResetPassword resetPassword(String code, String password) {
    return new EmailCommand.ResetPassword(code, password, null, AuthNode.CLIENT);
  }

  private static EmailCommand.RequestEmailChange requestEmailChange(
      TokenPair tokens, SessionId session, String email, String password) {
    return new EmailCommand.RequestEmailChange(
        tokens.player(), session, email, password, AuthNode.CLIENT);
  }

  private static AuthCommand.ChangePassword changePassword(
      TokenPair tokens, SessionId session, String current) {
    return new AuthCommand.ChangePassword(
        tokens.player(), session, current, "battery staple", null);
  }

  private static AuthCommand.SignInByPassword byPassword(String password) {
    return new AuthCommand.SignInByPassword(ANN, password, null, AuthNode.CLIENT);
  }

  private static Player find(AuthNode node, PlayerId player) {
    return node.ask(new PlayerCommand.Find(player));
  }
}
