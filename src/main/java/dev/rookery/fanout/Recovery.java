package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import java.util.List;
import java.util.function.Predicate;

/** The outcome when a client resumes a stream from its last position. */
public sealed interface Recovery {
  /**
   * The client can continue: show it the missed events, then call {@link Subscription#startAfter}
   * with {@code upto}.
   *
   * @param missed all missed events, in order
   */
  record Recovered(List<Delivery> missed, Position upto) implements Recovery {}

  /** The client must reload: it is served like a first join, with a new snapshot. */
  record Reload(Reason reason) implements Recovery {
    /**
     * Why the client must reload. A label value of the metric {@code rookery.resumes}; clients are
     * not told.
     */
    public enum Reason {
      /** The stream was created anew. */
      OTHER_EPOCH,
      /** The stream has not reached the client's position. */
      AHEAD,
      /** The missed events are no longer in the history. */
      WINDOW_PASSED,
      /** More events than {@link HistoryReader#EVENTS_MAX}, or too many bytes. */
      TOO_MUCH,
      /** The player left or joined meanwhile, which changes what the client may see. */
      READMITTED,
      /** The history cannot be read at the moment. */
      UNAVAILABLE
    }
  }

  /** Converts the result of a read of the history. */
  static Recovery of(CatchUp<Delivery> missed, Position now, Predicate<Event> readmits) {
    return switch (missed) {
      case CatchUp.UpToDate<Delivery> _ -> new Recovered(List.of(), now);
      case CatchUp.Unrecoverable<Delivery> _ -> new Reload(Reload.Reason.WINDOW_PASSED);
      case CatchUp.Events<Delivery>(var events, var more) -> {
        if (more) {
          yield new Reload(Reload.Reason.TOO_MUCH);
        }
        // Events after the snapshot that admitted the client are handled when they are delivered.
        boolean readmitted =
            events.stream()
                .filter(delivery -> delivery.position().isIncludedIn(now))
                .anyMatch(delivery -> readmits.test(delivery.posted().event()));
        yield readmitted
            ? new Reload(Reload.Reason.READMITTED)
            : new Recovered(events, events.getLast().position());
      }
    };
  }
}
