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

/** Ways in by letter, with letters that really arrive. Names carry items of OWASP ASVS 5.0. */
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
  void asvs_6_3_8_aRegistrationIsAnsweredAlikeWhetherOrNotTheAddressIsTaken(TestStore store) {
    try (var node = node(store)) {
      node.byDevice("admin");
      assertThat(register(node, ANN)).isEqualTo(new RegistrationResult(null));
      var ann = redeem(node, mail.await(ANN, 1).code());
      assertThat(node.authenticated(ann)).isEqualTo(ann.player());
      assertThat(find(node, ann.player()).email()).isEqualTo(ANN);
      assertThat(find(node, ann.player()).displayName()).isEqualTo("Name");

      assertThat(register(node, ANN)).isEqualTo(new RegistrationResult(null));
      TestMailServer.Received second = mail.await(ANN, 2);
      assertThat(second.subject()).isEqualTo("You have an account already");
      assertThat(second.text()).doesNotContain("code");
      assertThat(node.ask(byPassword(PASSWORD)).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void nobodyIsAPlayerBeforeHeHasReadHisLetter(TestStore store) {
    try (var node = node(store)) {
      node.byDevice("admin");
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
  void theFirstPlayerOfAllIsNotWrittenTo(TestStore store) {
    try (var node = node(store)) {
      assertThat(register(node, ANN).tokens()).isNotNull();
      assertThat(register(node, "bob@example.org").tokens()).isNull();
      assertThat(mail.await("bob@example.org", 1).from()).contains("game@example.com");
      assertThat(mail.to(ANN)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_5_1_aSignInByLetterWorksOnceAndTheNewestAlone(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      ask(node, " ANN@example.org");
      String older = mail.await(ANN, 1).code();
      ask(node, ANN);
      String newer = mail.await(ANN, 2).code();

      assertThat(node.refusal(new EmailCommand.SignInWithToken(older, AuthNode.CLIENT)))
          .isEqualTo(INVALID);
      assertThat(redeem(node, newer).player()).isEqualTo(ann.player());
      assertThat(node.refusal(new EmailCommand.SignInWithToken(newer, AuthNode.CLIENT)))
          .isEqualTo(INVALID);
      // A code opens what it was sent for, and nothing else.
      ask(node, ANN);
      String third = mail.await(ANN, 3).code();
      assertThat(node.refusal(reset(third, "battery staple"))).isEqualTo(INVALID);
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(third))).isEqualTo(INVALID);
      assertThat(redeem(node, third).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_5_1_ofManyWhoComeWithOneCodeOneGetsIn(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      ask(node, ANN);
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
  void asvs_6_5_5_aCodeExpires(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      ask(node, ANN);
      node.ask(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT));
      Eventually.holds(() -> mail.to(ANN).size() == 2);
      store.clock().advance(Duration.ofMinutes(15));

      for (TestMailServer.Received letter : mail.to(ANN)) {
        assertThat(node.refusal(new EmailCommand.SignInWithToken(letter.code(), AuthNode.CLIENT)))
            .isEqualTo(INVALID);
        assertThat(node.refusal(reset(letter.code(), "battery staple"))).isEqualTo(INVALID);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_4_1_asvs_6_5_2_asvs_6_5_3_asvs_6_5_4_codesAreRandomAndNeverKeptAsTheyAre(
      TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      ask(node, ANN);
      String code = mail.await(ANN, 1).code();

      assertThat(code).hasSize(43);
      var kept =
          store
              .database()
              .read("SELECT digest, email, payload FROM mail_token")
              .all(row -> row.text("digest") + row.text("email") + row.text("payload"));
      assertThat(kept).hasSize(1).noneMatch(text -> text.contains(code));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_4_3_whoForgotHisPasswordSetsAnotherAndIsOutEverywhereElse(TestStore store) {
    try (var node = node(store)) {
      var before = node.register(ANN, PASSWORD);
      node.ask(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT));
      String code = mail.await(ANN, 1).code();

      // A password that will not do spends no code.
      assertThat(node.refusal(reset(code, "short"))).isInstanceOf(Invalid.class);
      var after = node.ask(reset(code, "battery staple"));

      assertThat(after.player()).isEqualTo(before.player());
      store.clock().advance(Duration.ofSeconds(1));
      assertThat(node.shutOut(before)).isEqualTo(new Denied("session_ended"));
      assertThat(node.authenticated(after)).isEqualTo(before.player());
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(new Denied("invalid_credentials"));
      assertThat(node.ask(byPassword("battery staple")).player()).isEqualTo(before.player());
      assertThat(mail.await(ANN, 2).subject()).isEqualTo("Your password was changed");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_3_8_anUnknownAddressIsAnsweredAlikeAndWrittenNothing(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      ask(node, "nobody@example.org");
      node.ask(new EmailCommand.RequestPasswordReset("nobody@example.org", AuthNode.CLIENT));
      ask(node, ANN);

      mail.await(ANN, 1);
      assertThat(mail.to("nobody@example.org")).isEmpty();
      assertThat(node.refusal(new EmailCommand.RequestMagicLink("no address", AuthNode.CLIENT)))
          .isInstanceOf(Invalid.class);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void anAddressGetsOnlySoManyLettersAndNobodyIsToldSo(TestStore store) {
    try (var node = node(store)) {
      node.register(ANN, PASSWORD);
      for (int i = 0; i < 12; i++) {
        ask(node, ANN);
      }
      register(node, "bob@example.org");
      mail.await("bob@example.org", 1);
      assertThat(mail.to(ANN)).hasSizeLessThanOrEqualTo(5);
      store.clock().advance(Duration.ofHours(6));
      ask(node, ANN);
      mail.await(ANN, 6);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aNewAddressIsThePlayersOnceHeHasReadTheLetterThere(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      node.ask(change(ann, node.session(ann), "new@example.org", null));
      String code = mail.await("new@example.org", 1).code();
      assertThat(find(node, ann.player()).email()).isEqualTo(ANN);

      node.ask(new EmailCommand.ConfirmEmailChange(code));

      assertThat(find(node, ann.player()).email()).isEqualTo("new@example.org");
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(code))).isEqualTo(INVALID);
      assertThat(mail.await(ANN, 1).subject()).isEqualTo("Your address was changed");
      assertThat(node.refusal(byPassword(PASSWORD))).isEqualTo(new Denied("invalid_credentials"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void anAddressThatSomebodyTookMeanwhileStaysHis(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      node.ask(change(ann, node.session(ann), "new@example.org", null));
      String code = mail.await("new@example.org", 1).code();
      var bob = node.byDevice("bob");
      node.ask(change(bob, node.session(bob), "new@example.org", null));
      String bobs = mail.await("new@example.org", 2).code();
      node.ask(new EmailCommand.ConfirmEmailChange(bobs));

      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(code))).isEqualTo(INVALID);
      assertThat(find(node, bob.player()).email()).isEqualTo("new@example.org");
      node.ask(change(ann, node.session(ann), "third@example.org", null));
      String third = mail.await("third@example.org", 1).code();
      register(node, "third@example.org");
      redeem(node, mail.await("third@example.org", 2).code());
      assertThat(node.refusal(new EmailCommand.ConfirmEmailChange(third)))
          .isEqualTo(new Conflict("email_taken"));
      // Who asks for an address that is taken is answered alike, and nobody is written to.
      node.ask(change(ann, node.session(ann), "new@example.org", null));
      ask(node, ANN);
      mail.await(ANN, 1);
      assertThat(mail.to("new@example.org")).hasSize(2);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_5_1_whatOpensAnAccountIsNotChangedByAnOldSessionAlone(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      SessionId session = node.session(ann);
      store.clock().advance(Duration.ofMinutes(21));
      var no = new Denied("reauthentication_required");

      assertThat(node.refusal(change(ann, session, "new@example.org", null))).isEqualTo(no);
      assertThat(node.refusal(setPassword(ann, session, null))).isEqualTo(no);
      assertThat(node.refusal(change(ann, session, "new@example.org", "wrong")))
          .isInstanceOf(Invalid.class);
      node.ask(change(ann, session, "new@example.org", PASSWORD));
      mail.await("new@example.org", 1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_2_2_asvs_6_2_3_aNewPasswordNeedsTheOneBefore(TestStore store) {
    try (var node = node(store)) {
      var ann = node.register(ANN, PASSWORD);
      for (int free = 0; free < 5; free++) {
        assertThat(((Invalid) node.refusal(setPassword(ann, node.session(ann), "wrong"))).fields())
            .containsOnlyKeys("current_password");
      }
      // And it cannot be tried out here either.
      assertThat(node.refusal(setPassword(ann, node.session(ann), PASSWORD)).code())
          .isEqualTo("too_many_attempts");
      store.clock().advance(Duration.ofSeconds(2));
      node.ask(setPassword(ann, node.session(ann), PASSWORD));
      assertThat(node.ask(byPassword("battery staple")).player()).isEqualTo(ann.player());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whereLettersGoNowhereNoneAreAskedFor(TestStore store) {
    try (var node = new AuthNode(store, _ -> new PreviewEmailSender(true))) {
      var ann = node.register(ANN, PASSWORD);
      var no = new Unavailable("mail_not_configured");
      assertThat(node.refusal(new EmailCommand.RequestMagicLink(ANN, AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(node.refusal(new EmailCommand.RequestPasswordReset(ANN, AuthNode.CLIENT)))
          .isEqualTo(no);
      assertThat(node.refusal(change(ann, node.session(ann), "new@example.org", null)))
          .isEqualTo(no);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aBannedPlayerDoesNotGetInByLetter(TestStore store) {
    try (var node = node(store)) {
      var admin = node.byDevice("admin").player();
      register(node, ANN);
      var ann = redeem(node, mail.await(ANN, 1).code());
      ask(node, ANN);
      String code = mail.await(ANN, 2).code();
      node.ask(new AuthCommand.Ban(ann.player(), admin, "x", null));

      assertThat(node.refusal(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT)).code())
          .isEqualTo("account_banned");
    }
  }

  private static RegistrationResult register(AuthNode node, String email) {
    return node.ask(new AuthCommand.Register(email, PASSWORD, null, "Name", null, AuthNode.CLIENT));
  }

  private static void ask(AuthNode node, String email) {
    node.ask(new EmailCommand.RequestMagicLink(email, AuthNode.CLIENT));
  }

  private static TokenPair redeem(AuthNode node, String code) {
    return node.ask(new EmailCommand.SignInWithToken(code, AuthNode.CLIENT));
  }

  private static EmailCommand.ResetPassword reset(String code, String password) {
    return new EmailCommand.ResetPassword(code, password, null, AuthNode.CLIENT);
  }

  private static EmailCommand.RequestEmailChange change(
      TokenPair who, SessionId session, String email, String password) {
    return new EmailCommand.RequestEmailChange(
        who.player(), session, email, password, AuthNode.CLIENT);
  }

  private static AuthCommand.ChangePassword setPassword(
      TokenPair who, SessionId session, String current) {
    return new AuthCommand.ChangePassword(who.player(), session, current, "battery staple", null);
  }

  private static AuthCommand.SignInByPassword byPassword(String password) {
    return new AuthCommand.SignInByPassword(ANN, password, null, AuthNode.CLIENT);
  }

  private static Player find(AuthNode node, PlayerId player) {
    return node.ask(new PlayerCommand.Find(player));
  }
}
