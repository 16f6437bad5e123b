package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Redeems emailed tokens: signs in, completes registrations, resets passwords and changes email
 * addresses.
 */
final class EmailSignIns {
  private static final String SESSION_KIND = "mail";

  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final SessionStore sessions;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;
  private final EmailTemplates templates;
  private final EmailTokenStore tokens;

  EmailSignIns(
      Database database,
      AuthDependencies dependencies,
      Credentials credentials,
      SessionStore sessions,
      SessionOpener sessionOpener,
      EmailTemplates templates) {
    this.database = database;
    this.dependencies = dependencies;
    this.credentials = credentials;
    this.sessions = sessions;
    this.sessionOpener = sessionOpener;
    this.templates = templates;
    this.tokenIssuer = new TokenIssuer(dependencies);
    this.tokens = new EmailTokenStore(dependencies.clock());
  }

  TokenPair signIn(EmailCommand.SignInWithToken signIn) {
    credentials.prepareToCreate(database);
    return openSession(
        signIn.client(),
        tx -> {
          var token = redeem(tx, signIn.token(), Kind.REGISTER, Kind.SIGN_IN);
          var identity =
              token.player() == null
                  ? createRegistered(tx, token)
                  : credentials.confirmEmail(tx, token.player(), token.email());
          return new Admission(identity.orElseThrow(EmailSignIns::invalidToken), List.of(), "");
        });
  }

  TokenPair resetPassword(EmailCommand.ResetPassword reset) {
    var settings = dependencies.settings();
    var errors = new FieldErrors();
    CredentialRules.checkPassword(errors, reset.password(), reset.passwordConfirmation(), settings);
    errors.refuse();
    String hash = dependencies.passwordHasher().hash(reset.password());
    return openSession(
        reset.client(),
        tx -> {
          var token = redeem(tx, reset.token(), Kind.RESET);
          PlayerId player = Objects.requireNonNull(token.player());
          Identity identity =
              credentials
                  .confirmEmail(tx, player, token.email())
                  .orElseThrow(EmailSignIns::invalidToken);
          credentials.setPassword(tx, player, hash);
          return new Admission(identity, sessions.endAll(tx, player, null), token.email());
        });
  }

  /**
   * Changes the email, and notifies the previous address, whose owner may not have requested it.
   */
  void confirmEmailChange(EmailCommand.ConfirmEmailChange change) {
    changeEmail(
        tx -> {
          var token = redeem(tx, change.token(), Kind.CHANGE);
          PlayerId player = Objects.requireNonNull(token.player());
          return credentials
              .changeEmail(tx, player, token.email())
              .map(previous -> new ChangedEmail(player, previous));
        });
  }

  /** As {@link #confirmEmailChange}, on behalf of the server. */
  void setEmail(PlayerId player, String email) {
    changeEmail(
        tx ->
            Optional.of(
                credentials
                    .changeEmail(tx, player, email)
                    .map(previous -> new ChangedEmail(player, previous))
                    .orElseThrow(() -> Refused.missing("not_found"))));
  }

  private void changeEmail(Function<Transaction, Optional<ChangedEmail>> change) {
    Optional<ChangedEmail> changed;
    try {
      changed = database.write(change);
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw Refused.conflict("email_taken");
      }
      throw failed;
    }
    changed
        .filter(email -> !email.previous.isEmpty())
        .ifPresent(
            email -> {
              String language = credentials.findLanguage(database, email.player);
              dependencies.emailQueue().send(templates.emailChanged(email.previous, language));
            });
  }

  private TokenPair openSession(Client client, Function<Transaction, Admission> step) {
    SessionId session = tokenIssuer.newSessionId();
    var admission =
        database.write(
            tx -> {
              Admission found = step.apply(tx);
              Identity player = sessionOpener.requireNotBanned(found.player);
              var ended = new ArrayList<>(found.ended);
              ended.addAll(
                  sessionOpener.open(
                      tx, SESSION_KIND, List.of(new NewSession(session, player.player(), client))));
              return new Admission(player, ended, found.notifiedEmail);
            });
    sessionOpener.publishEnded(admission.ended);
    if (!admission.notifiedEmail.isEmpty()) {
      String chosen = credentials.findLanguage(database, admission.player.player());
      String language = chosen.isEmpty() ? client.language() : chosen;
      dependencies.emailQueue().send(templates.passwordChanged(admission.notifiedEmail, language));
    }
    return tokenIssuer.issue(session, admission.player);
  }

  /**
   * Creates the player of a confirmed registration. Leaves the device out if another player has
   * taken it meanwhile; returns empty if the email is taken.
   */
  private Optional<Identity> createRegistered(Transaction tx, EmailToken token) {
    var payload = new JsonObject(token.payload());
    var device = payload.getString("device");
    String hash = payload.getString("hash");
    String name = payload.getString("name");
    var created = credentials.create(tx, new NewPlayer(token.email(), hash, device, name, true));
    return created.isPresent() || device == null
        ? created
        : credentials.create(tx, new NewPlayer(token.email(), hash, null, name, true));
  }

  private EmailToken redeem(Transaction tx, String token, Kind... kinds) {
    return tokens.redeem(tx, token, kinds).orElseThrow(EmailSignIns::invalidToken);
  }

  private static Refused invalidToken() {
    return Refused.denied("invalid_token");
  }

  /** The address that a player had before. */
  private record ChangedEmail(PlayerId player, String previous) {}

  /**
   * The player who signs in, and their sessions that end.
   *
   * @param notifiedEmail where to send the notice of a changed password; empty for none
   */
  private record Admission(Identity player, List<SessionId> ended, String notifiedEmail) {}
}
