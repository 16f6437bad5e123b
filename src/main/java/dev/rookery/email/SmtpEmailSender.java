package dev.rookery.email;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;

/**
 * Sends emails to an SMTP server. The client runs on a context of its own, that of the thread which
 * created this sender, because it loses replies on the virtual threads of a domain.
 */
public final class SmtpEmailSender implements EmailSender {
  private final Context context;
  private final MailClient client;
  private final String from;
  private final Runnable onClose;

  /**
   * @param from the sender, as {@code Name <address>}
   */
  public SmtpEmailSender(Vertx vertx, MailConfig config, String from) {
    this(vertx, config, from, () -> {});
  }

  /** Creates a sender that owns the Vert.x instance and closes it. */
  public static SmtpEmailSender owningVertx(Vertx vertx, MailConfig config, String from) {
    return new SmtpEmailSender(vertx, config, from, vertx::close);
  }

  private SmtpEmailSender(Vertx vertx, MailConfig config, String from, Runnable onClose) {
    this.context = vertx.getOrCreateContext();
    this.client = MailClient.create(vertx, config);
    this.from = from;
    this.onClose = onClose;
  }

  @Override
  public Future<Void> send(Email email) {
    var message =
        new MailMessage()
            .setFrom(from)
            .setTo(email.to())
            .setSubject(email.subject())
            .setText(email.text());
    // Keeps mail servers from sending automatic replies.
    message.setHeaders(MultiMap.caseInsensitiveMultiMap().add("Auto-Submitted", "auto-generated"));
    Promise<Void> accepted = Promise.promise();
    context.runOnContext(_ -> client.sendMail(message).<Void>mapEmpty().onComplete(accepted));
    return accepted.future();
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public boolean reachesRecipients() {
    return true;
  }

  @Override
  public void close() {
    client.close().onComplete(_ -> onClose.run());
  }
}
