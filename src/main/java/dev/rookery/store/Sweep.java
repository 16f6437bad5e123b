package dev.rookery.store;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts what was committed but, as far as anyone can tell, not posted: by a node that died between
 * the two, or by this one when the answer to a COMMIT was lost. Some of it may come twice;
 * receivers drop what they know by its offset.
 *
 * <p>A silent node is swept twice: soon, and once more before its row is removed. It may have been
 * only paused, have gone on with a commit, and have died then.
 */
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  static final Duration SILENT_MAX = Duration.ofSeconds(10);
  private static final Duration DOUBT_MAX = Duration.ofMinutes(1);
  private static final int PAGE = 500;

  private final NodeRows nodes;
  private final Outbox outbox;
  private final Posting posting;
  private final StoreMeters meters;
  private final boolean alone;
  private final Duration goneAfter;

  /**
   * @param alone whether no other node can be alive, so that every other row is of a dead one
   */
  Sweep(
      NodeRows nodes,
      Outbox outbox,
      Posting posting,
      StoreMeters meters,
      boolean alone,
      Duration historyFor) {
    this.nodes = nodes;
    this.outbox = outbox;
    this.posting = posting;
    this.meters = meters;
    this.alone = alone;
    this.goneAfter = historyFor.dividedBy(2);
  }

  void run(Instant now) {
    Instant goneBefore = alone ? Instant.ofEpochMilli(Long.MAX_VALUE) : now.minus(goneAfter);
    for (NodeRows.Stale node : nodes.stale(posting.node(), now.minus(SILENT_MAX), goneBefore)) {
      boolean gone = node.heartbeatMs() < goneBefore.toEpochMilli();
      if (gone || nodes.claim(node, now)) {
        int events = post(node.id(), node.postedUpto());
        LOG.info("node {} is gone; posted {} events for it", node.name(), events);
      }
      if (gone) {
        nodes.remove(node);
      }
    }
    posting.doubtful().forEach((number, since) -> settle(number, since, now));
  }

  private int post(long node, long above) {
    int events = 0;
    long lastId = 0;
    while (true) {
      Outbox.Page page = outbox.committedBy(node, above, lastId, PAGE);
      posting.post(page.events());
      meters.swept.increment(page.events().size());
      events += page.events().size();
      if (page.events().size() < PAGE) {
        return events;
      }
      lastId = page.lastId();
    }
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
