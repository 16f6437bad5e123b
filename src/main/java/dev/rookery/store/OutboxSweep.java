package dev.rookery.store;

import java.time.Duration;
import java.time.Instant;

/**
 * Publishes events that were committed but possibly not published: by a run that died in between,
 * or by this one when the reply to a COMMIT was lost. Some of them may be published twice;
 * receivers drop duplicates by their offset.
 */
final class OutboxSweep {
  private static final Duration UNCERTAIN_MAX = Duration.ofMinutes(1);
  private static final int PAGE_SIZE = 500;

  private final Outbox outbox;
  private final OutboxPublisher publisher;
  private final StoreMeters meters;

  OutboxSweep(Outbox outbox, OutboxPublisher publisher, StoreMeters meters) {
    this.outbox = outbox;
    this.publisher = publisher;
    this.meters = meters;
  }

  /**
   * Publishes the events that a run committed with a transaction number above {@code above}.
   *
   * @return the number of events
   */
  int publishRemaining(long run, long above) {
    int events = 0;
    long lastId = 0;
    while (true) {
      Outbox.Page page = outbox.eventsOfRun(run, above, lastId, PAGE_SIZE);
      publisher.publish(page.events());
      meters.swept.increment(page.events().size());
      events += page.events().size();
      if (page.events().size() < PAGE_SIZE) {
        return events;
      }
      lastId = page.lastId();
    }
  }

  /** Resolves the transactions of this node whose outcome is unknown. */
  void resolveUncertain(Instant now) {
    publisher.uncertain().forEach((number, since) -> resolveUncertain(number, since, now));
  }

  private void resolveUncertain(long number, Instant since, Instant now) {
    var found = outbox.eventsOfTransaction(publisher.run(), number);
    if (!found.isEmpty() || now.isAfter(since.plus(UNCERTAIN_MAX))) {
      publisher.publish(found);
      meters.swept.increment(found.size());
      publisher.complete(number);
    }
  }
}
