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
 * Hands letters to a mail server. The client is spoken to on a context of its own, that of the
 * thread which made this: it loses answers on the virtual threads of a domain.
 */
public final class SmtpEmailSender implements EmailSender {
  private final Context context;
  private final MailClient client;
  private final String from;
  private final Runnable closed;

  /**
   * @param from as {@code Name <address>}
   */
  public SmtpEmailSender(Vertx vertx, MailConfig config, String from) {
    this(vertx, config, from, () -> {});
  }

  /** One that has the Vert.x for itself, and closes it. */
  public static SmtpEmailSender ofItsOwn(Vertx vertx, MailConfig config, String from) {
    return new SmtpEmailSender(vertx, config, from, vertx::close);
  }

  private SmtpEmailSender(Vertx vertx, MailConfig config, String from, Runnable closed) {
    this.context = vertx.getOrCreateContext();
    this.client = MailClient.create(vertx, config);
    this.from = from;
    this.closed = closed;
  }

  @Override
  public Future<Void> send(Email letter) {
    var message =
        new MailMessage()
            .setFrom(from)
            .setTo(letter.to())
            .setSubject(letter.subject())
            .setText(letter.text());
    // Nobody answers that he is on holiday to a letter that a program wrote.
    message.setHeaders(MultiMap.caseInsensitiveMultiMap().add("Auto-Submitted", "auto-generated"));
    Promise<Void> taken = Promise.promise();
    context.runOnContext(_ -> client.sendMail(message).<Void>mapEmpty().onComplete(taken));
    return taken.future();
  }

  @Override
  public boolean works() {
    return true;
  }

  @Override
  public boolean delivers() {
    return true;
  }

  @Override
  public void close() {
    client.close().onComplete(_ -> closed.run());
  }
}
