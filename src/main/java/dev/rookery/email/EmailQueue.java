package dev.rookery.email;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends emails in the background. An email that the sender does not accept is tried twice more and
 * then dropped; the player can request it again. At most 1,000 emails are pending; further ones are
 * dropped.
 */
public final class EmailQueue {
  private static final Logger LOG = LoggerFactory.getLogger(EmailQueue.class);

  private static final int PENDING_MAX = 1_000;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final int BACKOFF_FACTOR = 5;
  private static final int ATTEMPTS_MAX = 3;

  private final Vertx vertx;
  private final EmailSender sender;
  private final MeterRegistry meters;
  private final AtomicInteger pending = new AtomicInteger();

  public EmailQueue(Vertx vertx, EmailSender sender, MeterRegistry meters) {
    this.vertx = vertx;
    this.sender = sender;
    this.meters = meters;
    Gauge.builder("rookery.mail.underway", pending, AtomicInteger::get)
        .description("Emails that the mail server has not accepted yet")
        .register(meters);
  }

  /** Whether emails can be sent at all. */
  public boolean isEnabled() {
    return sender.isEnabled();
  }

  /** Whether emails reach their recipients, so that sign-in may depend on them. */
  public boolean reachesRecipients() {
    return sender.reachesRecipients();
  }

  /** Sends an email in the background; never fails. */
  public void send(Email email) {
    if (pending.incrementAndGet() > PENDING_MAX) {
      pending.decrementAndGet();
      count("dropped");
      return;
    }
    send(email, 1, FIRST_DELAY)
        .onComplete(
            sent -> {
              pending.decrementAndGet();
              count(sent.succeeded() ? "sent" : "failed");
              if (sent.failed()) {
                LOG.warn("dropped an email \"{}\": {}", email.subject(), sent.cause().toString());
              }
            });
  }

  private Future<Void> send(Email email, int attempt, Duration delay) {
    return sender
        .send(email)
        .recover(
            failed -> {
              LOG.debug("an email \"{}\" was not accepted: {}", email.subject(), failed.toString());
              return attempt >= ATTEMPTS_MAX
                  ? Future.failedFuture(failed)
                  : vertx
                      .timer(delay.toMillis(), TimeUnit.MILLISECONDS)
                      .compose(_ -> send(email, attempt + 1, delay.multipliedBy(BACKOFF_FACTOR)));
            });
  }

  private void count(String outcome) {
    Counter.builder("rookery.mail")
        .description("Emails, by outcome")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }
}
