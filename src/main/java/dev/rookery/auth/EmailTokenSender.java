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
 * Sends emails with tokens in the background. A request is answered before the account is looked
 * up, so neither the answer nor its timing tells whether the address belongs to a player.
 *
 * <p>{@link SignInThrottle} limits emails per address and per network; further ones are dropped
 * silently. At most {@value #PENDING_MAX} requests wait; beyond that they are {@code
 * Unavailable("mail_busy")}.
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
      AuthDependencies dependencies,
      Credentials credentials,
      EmailTemplates templates) {
    this.context = context;
    this.database = database;
    this.dependencies = dependencies;
    this.credentials = credentials;
    this.templates = templates;
    this.tokens = new EmailTokenStore(dependencies.clock());
  }

  /** Throws {@code Unavailable("mail_not_configured")} if no email can be sent. */
  void requireEmail() {
    if (!dependencies.emailQueue().isEnabled()) {
      throw new Refused(new Refusal.Unavailable("mail_not_configured"));
    }
  }

  /** Sends a magic link if the address belongs to a player. */
  void sendMagicLink(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.SIGN_IN, templates::magicLink));
  }

  /** Sends a password reset email if the address belongs to a player. */
  void sendPasswordReset(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.RESET, templates::passwordReset));
  }

  /**
   * Sends a confirmation email, or tells the owner of a registered address that it has an account.
   *
   * @param payload the fields of the account that is created on confirmation
   */
  void sendRegistration(String email, JsonObject payload, Client client) {
    runLater(
        email,
        client,
        () -> {
          if (credentials.findPasswordByEmail(database, email).isPresent()) {
            dependencies.emailQueue().send(templates.alreadyRegistered(email));
          } else {
            send(Kind.REGISTER, email, null, payload.encode(), templates::confirmRegistration);
          }
        });
  }

  /** Sends a confirmation email to the new address, unless another player already has it. */
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

  private void sendToOwner(String email, Kind kind, BiFunction<String, String, Email> template) {
    credentials
        .findPasswordByEmail(database, email)
        .map(StoredPassword::player)
        .ifPresent(player -> send(kind, email, player, "{}", template));
  }

  private void send(
      Kind kind,
      String email,
      @Nullable PlayerId player,
      String payload,
      BiFunction<String, String, Email> template) {
    String token = dependencies.ids().token(EmailToken.BYTES);
    var stored = new EmailToken(kind, email, player, payload);
    database.write(
        tx -> {
          tokens.insert(tx, token, stored);
          return stored;
        });
    dependencies.emailQueue().send(template.apply(email, token));
  }

  private void runLater(String email, Client client, Runnable task) {
    if (pending.incrementAndGet() > PENDING_MAX) {
      pending.decrementAndGet();
      throw new Refused(new Refusal.Unavailable("mail_busy"));
    }
    context.runOnContext(
        _ -> {
          try {
            if (dependencies.throttle().allowsEmail(email, client)) {
              task.run();
            }
          } catch (RuntimeException failed) {
            LOG.warn("could not send an email with a token: {}", failed.toString());
          } finally {
            pending.decrementAndGet();
          }
        });
  }
}
