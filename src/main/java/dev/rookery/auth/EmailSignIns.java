package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.auth.SessionStore.Opened;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import dev.rookery.store.SqlFailed;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What tokens that were mailed open. */
final class EmailSignIns {
  private static final String MAIL = "mail";

  private final Database database;
  private final AuthDependencies parts;
  private final Credentials identities;
  private final SessionStore sessions;
  private final Entrance entrance;
  private final TokenIssuer pairs;
  private final EmailTemplates letters;
  private final EmailTokenStore tokens;

  EmailSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      SessionStore sessions,
      Entrance entrance,
      EmailTemplates letters) {
    this.database = database;
    this.parts = parts;
    this.identities = identities;
    this.sessions = sessions;
    this.entrance = entrance;
    this.letters = letters;
    this.pairs = new TokenIssuer(parts);
    this.tokens = new EmailTokenStore(parts.clock());
  }

  TokenPair redeem(EmailCommand.SignInWithToken redeem) {
    identities.beforeCreating(database);
    return enter(
        redeem.client(),
        tx -> {
          var token = spend(tx, redeem.token(), Kind.REGISTER, Kind.SIGN_IN);
          var opened =
              token.player() == null
                  ? registered(tx, token)
                  : identities.seeAt(tx, token.player(), token.email());
          return new Way(opened.orElseThrow(EmailSignIns::invalid), List.of(), "");
        });
  }

  TokenPair reset(EmailCommand.ResetPassword reset) {
    var settings = parts.settings();
    var errors = new FieldErrors();
    CredentialRules.password(errors, reset.password(), reset.passwordConfirmation(), settings);
    errors.refuse();
    String hash = parts.passwords().hash(reset.password());
    return enter(
        reset.client(),
        tx -> {
          var token = spend(tx, reset.token(), Kind.RESET);
          PlayerId player = Objects.requireNonNull(token.player());
          Identity identity =
              identities.seeAt(tx, player, token.email()).orElseThrow(EmailSignIns::invalid);
          identities.setPassword(tx, player, hash);
          return new Way(identity, sessions.endAll(tx, player, null), token.email());
        });
  }

  /** Writes to the address before, whose owner may know nothing of it. */
  void change(EmailCommand.ConfirmEmailChange change) {
    Optional<String> before;
    try {
      before =
          database.write(
              tx -> {
                var token = spend(tx, change.token(), Kind.CHANGE);
                return identities.changeEmail(
                    tx, Objects.requireNonNull(token.player()), token.email());
              });
    } catch (SqlFailed failed) {
      if (failed.isDuplicate()) {
        throw Refused.conflict("email_taken");
      }
      throw failed;
    }
    before
        .filter(address -> !address.isEmpty())
        .ifPresent(address -> parts.outgoing().send(letters.changed(address, "address")));
  }

  private TokenPair enter(Client client, Function<Transaction, Way> way) {
    SessionId session = pairs.newSession();
    var entered =
        database.write(
            tx -> {
              Way found = way.apply(tx);
              Identity player = entrance.check(found.player);
              var ended = new ArrayList<>(found.ended);
              ended.addAll(
                  entrance.enter(tx, MAIL, List.of(new Opened(session, player.player(), client))));
              return new Way(player, ended, found.written);
            });
    entrance.tell(entered.ended);
    if (!entered.written.isEmpty()) {
      parts.outgoing().send(letters.changed(entered.written, "password"));
    }
    return pairs.of(session, 0, entered.player);
  }

  /** Whoever took the device meanwhile keeps it; whoever took the address has the account. */
  private Optional<Identity> registered(Transaction tx, EmailToken token) {
    var said = new JsonObject(token.payload());
    var device = said.getString("device");
    String hash = said.getString("hash");
    String name = said.getString("name");
    var created = identities.create(tx, new NewPlayer(token.email(), hash, device, name, true));
    return created.isPresent() || device == null
        ? created
        : identities.create(tx, new NewPlayer(token.email(), hash, null, name, true));
  }

  private EmailToken spend(Transaction tx, String token, Kind... kinds) {
    return tokens.spend(tx, token, kinds).orElseThrow(EmailSignIns::invalid);
  }

  private static Refused invalid() {
    return Refused.denied("invalid_token");
  }

  /**
   * Who comes in, and which of his sessions end with it.
   *
   * @param written where he is told that his password is another; empty if it is not
   */
  private record Way(Identity player, List<SessionId> ended, String written) {}
}
