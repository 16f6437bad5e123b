package dev.rookery.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Emails are sent again after a failure, and the queue is bounded. */
@ExtendWith(VertxExtension.class)
final class EmailQueueTest {
  private static final Email EMAIL = new Email("ann@example.org", "Hello", "a secret");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Vertx vertx;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
  }

  /** A sender that behaves as the test says. */
  private static final class ManualSender implements EmailSender {
    private final AtomicInteger calls = new AtomicInteger();
    private final int failures;
    private final Future<Void> result;

    ManualSender(int failures, Future<Void> result) {
      this.failures = failures;
      this.result = result;
    }

    @Override
    public Future<Void> send(Email email) {
      return calls.incrementAndGet() <= failures ? Future.failedFuture("closed") : result;
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
    public void close() {}
  }

  @Test
  void retriesEmailThatWasNotAccepted() {
    var sender = new ManualSender(1, Future.succeededFuture());
    new EmailQueue(vertx, sender, meters, InstantSource.system()).send(EMAIL);

    Eventually.holds(() -> count("sent") == 1);
    assertThat(sender.calls).hasValue(2);
    assertThat(meters.get("rookery.mail.underway").gauge().value()).isZero();
  }

  @Test
  void dropsEmailsBeyondTheLimit() {
    var sender = new ManualSender(0, Promise.<Void>promise().future());
    var queue = new EmailQueue(vertx, sender, meters, InstantSource.system());
    for (int i = 0; i < 1_010; i++) {
      queue.send(EMAIL);
    }

    assertThat(sender.calls).hasValue(1_000);
    assertThat(count("dropped")).isEqualTo(10);
  }

  @Test
  void doesNotPrintContent() {
    assertThat(EMAIL.toString()).doesNotContain("secret").doesNotContain("ann");
  }

  private double count(String outcome) {
    var counter = meters.find("rookery.mail").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }
}
