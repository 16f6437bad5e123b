package dev.rookery.email;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
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
  private static final int FAILURES_KEPT = 20;
  private static final int PROBLEM_MAX = 300;
  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>@\"']+@[^\\s<>@\"']+");

  private final Vertx vertx;
  private final EmailSender sender;
  private final MeterRegistry meters;
  private final InstantSource clock;
  private final AtomicInteger pending = new AtomicInteger();
  private final Deque<EmailState.Failure> failures = new ArrayDeque<>();

  public EmailQueue(Vertx vertx, EmailSender sender, MeterRegistry meters, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
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

  /** What this node knows of the emails that it sends. */
  public EmailState state() {
    synchronized (failures) {
      return new EmailState(isEnabled(), reachesRecipients(), pending.get(), List.copyOf(failures));
    }
  }

  /**
   * Sends an email at once and only once, to see whether it is accepted. Fails with what the mail
   * server or the connection said.
   */
  public Future<Void> sendOnce(Email email) {
    return sender
        .send(email)
        .onSuccess(_ -> count("sent"))
        .onFailure(
            failed -> {
              count("failed");
              keep(email, failed, true);
            });
  }

  private void keep(Email email, Throwable failed, boolean dropped) {
    var failure = new EmailState.Failure(clock.millis(), email.subject(), problem(failed), dropped);
    synchronized (failures) {
      failures.addFirst(failure);
      while (failures.size() > FAILURES_KEPT) {
        failures.removeLast();
      }
    }
  }

  /** Says why an email was not accepted, without addresses. */
  public static String problem(Throwable failed) {
    String message = failed.getMessage();
    String text =
        ADDRESS
            .matcher(message == null ? failed.getClass().getSimpleName() : message)
            .replaceAll("[address]");
    return text.length() > PROBLEM_MAX ? text.substring(0, PROBLEM_MAX) : text;
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
              keep(email, failed, attempt >= ATTEMPTS_MAX);
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
