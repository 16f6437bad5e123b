package dev.rookery.store;

import java.time.Duration;
import java.time.Instant;

/**
 * Posts what was committed but, as far as anyone can tell, not posted: by a run that died between
 * the two, or by this one when the answer to a COMMIT was lost. Some of it may come twice;
 * receivers drop what they know by its offset.
 */
final class OutboxSweep {
  private static final Duration DOUBT_MAX = Duration.ofMinutes(1);
  private static final int PAGE = 500;

  private final Outbox outbox;
  private final OutboxPublisher posting;
  private final StoreMeters meters;

  OutboxSweep(Outbox outbox, OutboxPublisher posting, StoreMeters meters) {
    this.outbox = outbox;
    this.posting = posting;
    this.meters = meters;
  }

  /** Posts what a run committed with a number above that; answers how many events it was. */
  int postFor(long run, long above) {
    int events = 0;
    long lastId = 0;
    while (true) {
      Outbox.Page page = outbox.committedBy(run, above, lastId, PAGE);
      posting.post(page.events());
      meters.swept.increment(page.events().size());
      events += page.events().size();
      if (page.events().size() < PAGE) {
        return events;
      }
      lastId = page.lastId();
    }
  }

  /** Finds out about the transactions of this node of which nobody knows how they ended. */
  void settle(Instant now) {
    posting.doubtful().forEach((number, since) -> settle(number, since, now));
  }

  private void settle(long number, Instant since, Instant now) {
    var found = outbox.committedAs(posting.node(), number);
    if (!found.isEmpty() || now.isAfter(since.plus(DOUBT_MAX))) {
      posting.post(found);
      meters.swept.increment(found.size());
      posting.end(number);
    }
  }
}
