package dev.rookery.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Letters are tried again, and never too many of them wait. */
final class EmailQueueTest {
  private static final Email LETTER = new Email("ann@example.org", "Hello", "a secret");

  private static Vertx vertx;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    TestBus.await(vertx.close());
  }

  /** A post office that behaves as told. */
  private static final class ManualSender implements EmailSender {
    private final AtomicInteger asked = new AtomicInteger();
    private final int refuses;
    private final Future<Void> takes;

    ManualSender(int refuses, Future<Void> takes) {
      this.refuses = refuses;
      this.takes = takes;
    }

    @Override
    public Future<Void> send(Email letter) {
      return asked.incrementAndGet() <= refuses ? Future.failedFuture("closed") : takes;
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
    public void close() {}
  }

  @Test
  void aLetterThatIsNotTakenIsTriedAgain() {
    var office = new ManualSender(1, Future.succeededFuture());
    new EmailQueue(vertx, office, meters).send(LETTER);

    Eventually.holds(() -> count("sent") == 1);
    assertThat(office.asked).hasValue(2);
    assertThat(meters.get("rookery.mail.underway").gauge().value()).isZero();
  }

  @Test
  void onlySoManyLettersAreOnTheirWay() {
    var office = new ManualSender(0, Promise.<Void>promise().future());
    var outgoing = new EmailQueue(vertx, office, meters);
    for (int i = 0; i < 1_010; i++) {
      outgoing.send(LETTER);
    }

    assertThat(office.asked).hasValue(1_000);
    assertThat(count("dropped")).isEqualTo(10);
  }

  @Test
  void nothingOfALetterPrints() {
    assertThat(LETTER.toString()).doesNotContain("secret").doesNotContain("ann");
  }

  private double count(String outcome) {
    var counter = meters.find("rookery.mail").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }
}
