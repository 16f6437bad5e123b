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
 * Letters on their way. Nobody waits for them; one that is not taken is tried twice more, and then
 * given up: who misses it asks again. Only so many may be on their way.
 */
public final class EmailQueue {
  private static final Logger LOG = LoggerFactory.getLogger(EmailQueue.class);

  private static final int UNDER_WAY_MAX = 1_000;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final int PAUSE_GROWS_BY = 5;
  private static final int TRIES_MAX = 3;

  private final Vertx vertx;
  private final EmailSender post;
  private final MeterRegistry meters;
  private final AtomicInteger underWay = new AtomicInteger();

  public EmailQueue(Vertx vertx, EmailSender post, MeterRegistry meters) {
    this.vertx = vertx;
    this.post = post;
    this.meters = meters;
    Gauge.builder("rookery.mail.underway", underWay, AtomicInteger::get)
        .description("Letters that the mail server has not taken yet")
        .register(meters);
  }

  /** Whether there is anywhere for letters to go. */
  public boolean works() {
    return post.works();
  }

  /** Whether letters reach people, so that something may depend on their reading them. */
  public boolean delivers() {
    return post.delivers();
  }

  public void send(Email letter) {
    if (underWay.incrementAndGet() > UNDER_WAY_MAX) {
      underWay.decrementAndGet();
      count("dropped");
      return;
    }
    send(letter, 1, FIRST_PAUSE)
        .onComplete(
            sent -> {
              underWay.decrementAndGet();
              count(sent.succeeded() ? "sent" : "failed");
              if (sent.failed()) {
                LOG.warn("gave up a mail \"{}\": {}", letter.subject(), sent.cause().toString());
              }
            });
  }

  private Future<Void> send(Email letter, int tries, Duration pause) {
    return post.send(letter)
        .recover(
            failed -> {
              LOG.debug("a mail \"{}\" was not taken: {}", letter.subject(), failed.toString());
              return tries >= TRIES_MAX
                  ? Future.failedFuture(failed)
                  : vertx
                      .timer(pause.toMillis(), TimeUnit.MILLISECONDS)
                      .compose(_ -> send(letter, tries + 1, pause.multipliedBy(PAUSE_GROWS_BY)));
            });
  }

  private void count(String outcome) {
    Counter.builder("rookery.mail")
        .description("Letters, by what became of them")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }
}
