package dev.rookery.auth;

import dev.rookery.auth.EmailToken.Kind;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.email.Letter;
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
  private static final int WAITING_MAX = 1_000;

  private final Context context;
  private final Database database;
  private final AuthDependencies parts;
  private final Credentials identities;
  private final EmailTemplates letters;
  private final EmailTokenStore tokens;
  private final AtomicInteger waiting = new AtomicInteger();

  EmailTokenSender(
      Context context,
      Database database,
      AuthDependencies parts,
      Credentials identities,
      EmailTemplates letters) {
    this.context = context;
    this.database = database;
    this.parts = parts;
    this.identities = identities;
    this.letters = letters;
    this.tokens = new EmailTokenStore(parts.clock());
  }

  /** {@code Unavailable("mail_not_configured")} where letters go nowhere. */
  void check() {
    if (!parts.outgoing().works()) {
      throw new Refused(new Refusal.Unavailable("mail_not_configured"));
    }
  }

  void signIn(String email, Client client) {
    later(email, client, () -> toOwner(email, Kind.SIGN_IN, letters::signIn));
  }

  void reset(String email, Client client) {
    later(email, client, () -> toOwner(email, Kind.RESET, letters::reset));
  }

  /**
   * @param payload what the account is made of, once the letter was read
   */
  void registration(String email, JsonObject payload, Client client) {
    later(
        email,
        client,
        () -> {
          if (identities.byEmail(database, email).isPresent()) {
            parts.outgoing().send(letters.alreadyRegistered(email));
          } else {
            write(Kind.REGISTER, email, null, payload.encode(), letters::confirm);
          }
        });
  }

  /** To an address that somebody has already, nothing is written. */
  void change(PlayerId player, String email, Client client) {
    later(
        email,
        client,
        () -> {
          if (identities.byEmail(database, email).isEmpty()) {
            write(Kind.CHANGE, email, player, "{}", letters::change);
          }
        });
  }

  private void toOwner(String email, Kind kind, BiFunction<String, String, Letter> letter) {
    identities
        .byEmail(database, email)
        .map(StoredPassword::player)
        .ifPresent(player -> write(kind, email, player, "{}", letter));
  }

  private void write(
      Kind kind,
      String email,
      @Nullable PlayerId player,
      String payload,
      BiFunction<String, String, Letter> letter) {
    String token = parts.ids().token(EmailToken.BYTES);
    var sent = new EmailToken(kind, email, player, payload);
    database.write(
        tx -> {
          tokens.put(tx, token, sent);
          return sent;
        });
    parts.outgoing().send(letter.apply(email, token));
  }

  private void later(String email, Client client, Runnable work) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      throw new Refused(new Refusal.Unavailable("mail_busy"));
    }
    context.runOnContext(
        _ -> {
          try {
            if (parts.attempts().mayBeWrittenTo(email, client)) {
              work.run();
            }
          } catch (RuntimeException failed) {
            LOG.warn("a letter was not written: {}", failed.toString());
          } finally {
            waiting.decrementAndGet();
          }
        });
  }
}
