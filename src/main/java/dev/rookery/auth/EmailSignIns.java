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

/** What tokens that were mailed open. */
final class EmailSignIns {
  private static final String SESSION_KIND = "mail";

  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final SessionStore sessions;
  private final Entrance entrance;
  private final TokenIssuer tokenIssuer;
  private final EmailTemplates templates;
  private final EmailTokenStore tokens;

  EmailSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      SessionStore sessions,
      Entrance entrance,
      EmailTemplates letters) {
    this.database = database;
    this.dependencies = parts;
    this.credentials = identities;
    this.sessions = sessions;
    this.entrance = entrance;
    this.templates = letters;
    this.tokenIssuer = new TokenIssuer(parts);
    this.tokens = new EmailTokenStore(parts.clock());
  }

  TokenPair signIn(EmailCommand.SignInWithToken redeem) {
    credentials.prepareToCreate(database);
    return openSession(
        redeem.client(),
        tx -> {
          var token = redeem(tx, redeem.token(), Kind.REGISTER, Kind.SIGN_IN);
          var opened =
              token.player() == null
                  ? createRegistered(tx, token)
                  : credentials.confirmEmail(tx, token.player(), token.email());
          return new Admission(opened.orElseThrow(EmailSignIns::invalidToken), List.of(), "");
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

  /** Writes to the address before, whose owner may know nothing of it. */
  void confirmEmailChange(EmailCommand.ConfirmEmailChange change) {
    Optional<String> before;
    try {
      before =
          database.write(
              tx -> {
                var token = redeem(tx, change.token(), Kind.CHANGE);
                return credentials.changeEmail(
                    tx, Objects.requireNonNull(token.player()), token.email());
              });
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw Refused.conflict("email_taken");
      }
      throw failed;
    }
    before
        .filter(address -> !address.isEmpty())
        .ifPresent(
            address ->
                dependencies.outgoing().send(templates.credentialChanged(address, "address")));
  }

  private TokenPair openSession(Client client, Function<Transaction, Admission> way) {
    SessionId session = tokenIssuer.newSessionId();
    var entered =
        database.write(
            tx -> {
              Admission found = way.apply(tx);
              Identity player = entrance.check(found.player);
              var ended = new ArrayList<>(found.ended);
              ended.addAll(
                  entrance.enter(
                      tx, SESSION_KIND, List.of(new NewSession(session, player.player(), client))));
              return new Admission(player, ended, found.notifiedEmail);
            });
    entrance.tell(entered.ended);
    if (!entered.notifiedEmail.isEmpty()) {
      dependencies.outgoing().send(templates.credentialChanged(entered.notifiedEmail, "password"));
    }
    return tokenIssuer.issue(session, 0, entered.player);
  }

  /** Whoever took the device meanwhile keeps it; whoever took the address has the account. */
  private Optional<Identity> createRegistered(Transaction tx, EmailToken token) {
    var said = new JsonObject(token.payload());
    var device = said.getString("device");
    String hash = said.getString("hash");
    String name = said.getString("name");
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

  /**
   * Who comes in, and which of his sessions end with it.
   *
   * @param notifiedEmail where he is told that his password is another; empty if it is not
   */
  private record Admission(Identity player, List<SessionId> ended, String notifiedEmail) {}
}
