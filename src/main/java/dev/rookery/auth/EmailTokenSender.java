package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.email.Email;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.store.Database;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Letters with tokens. Whoever asks for one is answered before anything is looked up, so that
 * neither the answer nor its time tells whether somebody has the address. An address gets only so
 * many letters, and from one network only so many are asked for; further ones are not written,
 * which nobody is told either.
 */
final class EmailTokenSender {
  private static final Logger LOG = LoggerFactory.getLogger(EmailTokenSender.class);
  private static final int PENDING_MAX = 1_000;

  private final Context context;
  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final EmailTemplates templates;
  private final EmailTokenStore tokens;
  private final AtomicInteger pending = new AtomicInteger();

  EmailTokenSender(
      Context context,
      Database database,
      AuthDependencies parts,
      Credentials identities,
      EmailTemplates letters) {
    this.context = context;
    this.database = database;
    this.dependencies = parts;
    this.credentials = identities;
    this.templates = letters;
    this.tokens = new EmailTokenStore(parts.clock());
  }

  /** {@code Unavailable("mail_not_configured")} where letters go nowhere. */
  void requireEmail() {
    if (!dependencies.outgoing().works()) {
      throw new Refused(new Refusal.Unavailable("mail_not_configured"));
    }
  }

  void sendMagicLink(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.SIGN_IN, templates::magicLink));
  }

  void sendPasswordReset(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.RESET, templates::passwordReset));
  }

  /**
   * @param payload what the account is made of, once the letter was read
   */
  void sendRegistration(String email, JsonObject payload, Client client) {
    runLater(
        email,
        client,
        () -> {
          if (credentials.findPasswordByEmail(database, email).isPresent()) {
            dependencies.outgoing().send(templates.alreadyRegistered(email));
          } else {
            send(Kind.REGISTER, email, null, payload.encode(), templates::confirmRegistration);
          }
        });
  }

  /** To an address that somebody has already, nothing is written. */
  void sendEmailChange(PlayerId player, String email, Client client) {
    runLater(
        email,
        client,
        () -> {
          if (credentials.findPasswordByEmail(database, email).isEmpty()) {
            send(Kind.CHANGE, email, player, "{}", templates::emailChange);
          }
        });
  }

  private void sendToOwner(String email, Kind kind, BiFunction<String, String, Email> letter) {
    credentials
        .findPasswordByEmail(database, email)
        .map(StoredPassword::player)
        .ifPresent(player -> send(kind, email, player, "{}", letter));
  }

  private void send(
      Kind kind,
      String email,
      @Nullable PlayerId player,
      String payload,
      BiFunction<String, String, Email> letter) {
    String token = dependencies.ids().token(EmailToken.BYTES);
    var sent = new EmailToken(kind, email, player, payload);
    database.write(
        tx -> {
          tokens.insert(tx, token, sent);
          return sent;
        });
    dependencies.outgoing().send(letter.apply(email, token));
  }

  private void runLater(String email, Client client, Runnable work) {
    if (pending.incrementAndGet() > PENDING_MAX) {
      pending.decrementAndGet();
      throw new Refused(new Refusal.Unavailable("mail_busy"));
    }
    context.runOnContext(
        _ -> {
          try {
            if (dependencies.throttle().allowsEmail(email, client)) {
              work.run();
            }
          } catch (RuntimeException failed) {
            LOG.warn("a letter was not written: {}", failed.toString());
          } finally {
            pending.decrementAndGet();
          }
        });
  }
}
