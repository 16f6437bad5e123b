package dev.rookery.store;

import dev.rookery.base.Posted;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands committed events on, and knows how far this node has come with that.
 *
 * <p>Each transaction with events takes a running number that is stored with them. Everything up to
 * {@link #upto} is either posted or was never committed; another node that finds this one dead posts
 * what has a higher number. Storing one number every second is all that a crash needs, instead of a
 * mark for each event.
 */
final class Posting {
  private static final Logger LOG = LoggerFactory.getLogger(Posting.class);

  private final TreeSet<Long> open = new TreeSet<>();
  private long last;
  private volatile long node;
  private volatile @Nullable Consumer<List<Posted>> receiver;

  /** The row of this run of this node, known once it is registered. */
  long node() {
    return node;
  }

  void node(long registered) {
    node = registered;
  }

  /** From now on committed events go there. Before, nobody could have followed anything. */
  synchronized void to(Consumer<List<Posted>> receiver) {
    if (this.receiver != null) {
      throw new IllegalStateException("committed events already have a receiver");
    }
    this.receiver = receiver;
  }

  /** A number for a transaction that is about to store its events. */
  synchronized long begin() {
    open.add(++last);
    return last;
  }

  /** The transaction's events are posted, or will never exist. */
  synchronized void end(long number) {
    open.remove(number);
  }

  synchronized long upto() {
    return open.isEmpty() ? last : open.first() - 1;
  }

  /** Hands on what was committed. The receiver must not block; if it breaks, that is logged. */
  void post(List<Posted> events) {
    Consumer<List<Posted>> to = receiver;
    if (to == null || events.isEmpty()) {
      return;
    }
    try {
      to.accept(events);
    } catch (RuntimeException broken) {
      LOG.error("{} committed events could not be handed on", events.size(), broken);
    }
  }
}
