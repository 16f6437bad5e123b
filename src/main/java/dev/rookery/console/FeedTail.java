package dev.rookery.console;

import dev.rookery.base.CommittedEvent;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a feed that this node follows for admins. A feed has no history, so what was
 * heard is kept for those who ask a second later, at most {@value #EVENTS_MAX} events. Thread-safe.
 */
final class FeedTail implements Subscriber {
  static final int EVENTS_MAX = 500;
  static final String WIRE = "console";

  /**
   * An event that was heard.
   *
   * @param repeated whether the same event was heard before
   */
  record Heard(long sequence, long atMs, CommittedEvent event, boolean repeated) {}

  /**
   * A part of them.
   *
   * @param missed how many of the part are no longer kept
   */
  record Part(List<Heard> events, long newest, long missed) {}

  private final InstantSource clock;
  private final Deque<Heard> latest = new ArrayDeque<>();
  private @Nullable Subscription subscription;
  private long sequence = 1;
  private long askedMs;

  FeedTail(InstantSource clock) {
    this.clock = clock;
    this.askedMs = clock.millis();
  }

  synchronized void start(Subscription started) {
    subscription = started;
    started.startNow();
  }

  @Override
  public synchronized void onEvent(Delivery delivery) {
    CommittedEvent event = delivery.posted();
    latest.addLast(new Heard(++sequence, clock.millis(), event, isKnown(event)));
    if (latest.size() > EVENTS_MAX) {
      latest.removeFirst();
    }
  }

  private boolean isKnown(CommittedEvent event) {
    return event.hasStream()
        && latest.stream()
            .anyMatch(
                heard ->
                    heard.event().stream().equals(event.stream())
                        && heard.event().position().equals(event.position()));
  }

  /** Never called: nothing of a feed is read again. */
  @Override
  public void onLost() {}

  @Override
  public String wire() {
    return WIRE;
  }

  /** The events after a number; after 0 none, with the number to ask with from then on. */
  synchronized Part after(long number) {
    askedMs = clock.millis();
    if (number == 0) {
      return new Part(List.of(), sequence, 0);
    }
    var part = new ArrayList<Heard>();
    for (Heard heard : latest) {
      if (heard.sequence() > number) {
        part.add(heard);
      }
    }
    return new Part(part, sequence, Math.max(0, sequence - number - part.size()));
  }

  /** Whether somebody has asked within this time. */
  synchronized boolean isAsked(long withinMs) {
    return clock.millis() - askedMs < withinMs;
  }

  synchronized void end() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
