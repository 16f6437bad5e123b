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

  /** Makes an email with a token. */
  @FunctionalInterface
  private interface Template {
    Email create(String to, String language, String token);
  }

  /** Throws {@code Unavailable("mail_not_configured")} if no email can be sent. */
  void requireEmail() {
    if (!dependencies.emailQueue().isEnabled()) {
      throw new Refused(new Refusal.Unavailable("mail_not_configured"));
    }
  }

  /** Sends a magic link if the address belongs to a player. */
  void sendMagicLink(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.SIGN_IN, client, templates::magicLink));
  }

  /** Sends a password reset email if the address belongs to a player. */
  void sendPasswordReset(String email, Client client) {
    runLater(email, client, () -> sendToOwner(email, Kind.RESET, client, templates::passwordReset));
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
          var owner = credentials.findPasswordByEmail(database, email);
          if (owner.isPresent()) {
            String language = language(owner.get().player(), client);
            dependencies.emailQueue().send(templates.alreadyRegistered(email, language));
          } else {
            var stored = new EmailToken(Kind.REGISTER, email, null, payload.encode());
            send(stored, client, templates::confirmRegistration);
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
            var stored = new EmailToken(Kind.CHANGE, email, player, "{}");
            send(stored, client, templates::emailChange);
          }
        });
  }

  private void sendToOwner(String email, Kind kind, Client client, Template template) {
    credentials
        .findPasswordByEmail(database, email)
        .map(StoredPassword::player)
        .ifPresent(player -> send(new EmailToken(kind, email, player, "{}"), client, template));
  }

  private void send(EmailToken stored, Client client, Template template) {
    String token = dependencies.ids().token(EmailToken.BYTES);
    database.write(
        tx -> {
          tokens.insert(tx, token, stored);
          return stored;
        });
    String language = language(stored.player(), client);
    dependencies.emailQueue().send(template.create(stored.email(), language, token));
  }

  /** The language that the player has chosen, or that of their client. */
  private String language(@Nullable PlayerId player, Client client) {
    String chosen = player == null ? "" : credentials.findLanguage(database, player);
    return chosen.isEmpty() ? client.language() : chosen;
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
