package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestPasswords;
import dev.rookery.testkit.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Email addresses and passwords are the same however a keyboard writes their characters. */
final class NormalizedCredentialsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Refusal WRONG = new Denied("invalid_credentials");

  // Composed characters as Windows types them, and decomposed ones as macOS may.
  private static final String EMAIL = "jos\u00e9@example.com";
  private static final String SPELLED = "JOSE\u0301@example.com";
  private static final String PASSWORD = "\u00e4pfel und birnen";
  private static final String TYPED = "a\u0308pfel\u00a0und birnen";

  private AuthNode start(TestStore store) {
    var node = new AuthNode(store, 5, 100, Duration.ofDays(365));
    node.signInByDevice("admin");
    return node;
  }

  private static AuthCommand.SignInByPassword signIn(String email, String password) {
    return new AuthCommand.SignInByPassword(email, password, null, AuthNode.CLIENT);
  }

  /** An account as it was stored before addresses and passwords were normalized. */
  private static PlayerId store(TestStore store, String email, String password) {
    byte[] salt = new SeededIds(1).token(Argon2.SALT_BYTES).getBytes(StandardCharsets.UTF_8);
    return store
        .database()
        .write(
            tx ->
                tx.run(
                        "INSERT INTO player (uuid, email, password_hash, created_ms, updated_ms)"
                            + " VALUES ($1, $2, $3, 1, 1) RETURNING id",
                        "uuid of " + email,
                        email,
                        Argon2.hash(password, salt, TestPasswords.COST))
                    .first(row -> new PlayerId(row.number("id"))))
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void oneSpellingSignsInToAnAccountMadeWithAnother(TestStore store) {
    try (var node = start(store)) {
      PlayerId player = node.register(SPELLED, TYPED).player();

      assertThat(node.ask(signIn(EMAIL, PASSWORD)).player()).isEqualTo(player);
      assertThat(node.ask(signIn(SPELLED, TYPED)).player()).isEqualTo(player);
      assertThat(node.refusal(signIn(EMAIL, "\u00c4pfel und birnen"))).isEqualTo(WRONG);
      assertThat(
              node.refusal(
                  new AuthCommand.Register(
                      EMAIL, "another one", null, null, null, AuthNode.CLIENT)))
          .isEqualTo(new Invalid("invalid", Map.of("email", List.of("has already been taken"))));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void accountsMadeBeforeStillOpenAndAreRehashed(TestStore store) {
    try (var node = start(store)) {
      String old = "jose\u0301@example.com";
      PlayerId player = store(store, old, TYPED);
      assertThat(node.refusal(signIn(old, PASSWORD))).isEqualTo(WRONG);

      var first = node.ask(signIn(old, TYPED));
      assertThat(first.player()).isEqualTo(player);
      assertThat(node.ask(signIn(old, PASSWORD)).player()).isEqualTo(player);
      assertThat(node.ask(signIn(old, TYPED)).player()).isEqualTo(player);
      assertThat(node.authenticated(first)).isEqualTo(player);
      assertThat(
              node.refusal(
                  new AuthCommand.Register(old, "another one", null, null, null, AuthNode.CLIENT)))
          .isInstanceOf(Invalid.class);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void twoAccountsOfOneAddressOpenByTheirOwnSpelling(TestStore store) {
    try (var node = start(store)) {
      PlayerId composed = store(store, EMAIL, "the first password");
      PlayerId decomposed = store(store, "jose\u0301@example.com", "the second password");

      assertThat(node.ask(signIn(EMAIL, "the first password")).player()).isEqualTo(composed);
      assertThat(node.ask(signIn(SPELLED, "the second password")).player()).isEqualTo(decomposed);
      assertThat(node.refusal(signIn(SPELLED, "the first password"))).isEqualTo(WRONG);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aQuestionMarkDoesNotStandForHalfACharacter(TestStore store) {
    try (var node = start(store)) {
      node.register("ann@example.com", "abcdEFgh12?");

      assertThat(node.refusal(signIn("ann@example.com", "abcdEFgh12\ud800"))).isEqualTo(WRONG);
      for (String password : List.of("abcdEFgh12\ud800", "abcdEFgh12\u0000", "abcdEFgh12\u0007")) {
        assertThat(
                node.refusal(
                    new AuthCommand.Register(
                        "bob@example.com", password, null, null, null, AuthNode.CLIENT)))
            .isInstanceOf(Invalid.class);
      }
      for (String email : List.of("a\u200bnn@example.com", "a\u00a0b@x.com", "\u202ea@x.com")) {
        assertThat(
                node.refusal(
                    new AuthCommand.Register(
                        email, "a long password", null, null, null, AuthNode.CLIENT)))
            .isInstanceOf(Invalid.class);
      }
    }
  }
}
