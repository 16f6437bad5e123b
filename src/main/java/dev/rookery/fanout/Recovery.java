package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import java.util.List;
import java.util.function.Predicate;

/** What becomes of a follower that comes back and says where it left off. */
public sealed interface Recovery {
  /**
   * Shown these it has missed nothing, and goes on {@link Subscription#startAfter} {@code upto}.
   *
   * @param missed all of it, in order
   */
  record Recovered(List<Delivery> missed, Position upto) implements Recovery {}

  /** It is served as one that comes for the first time. */
  record Reload(Reason reason) implements Recovery {
    /** Told apart for those who run the server; to the follower it is all the same. */
    public enum Reason {
      OTHER_EPOCH,
      /** An offset that the stream has not reached. */
      AHEAD,
      WINDOW_PASSED,
      TOO_MUCH,
      /** It came or went meanwhile, and is not what it was. */
      READMITTED,
      /** The history cannot be read just now. */
      UNAVAILABLE
    }
  }

  /** What can be told without reading anything, or else what a reading says. */
  static Recovery of(CatchUp<Delivery> missed, Position now, Predicate<Event> readmits) {
    return switch (missed) {
      case CatchUp.UpToDate<Delivery> _ -> new Recovered(List.of(), now);
      case CatchUp.Unrecoverable<Delivery> _ -> new Reload(Reload.Reason.WINDOW_PASSED);
      case CatchUp.Events<Delivery>(var events, var more) -> {
        if (more) {
          yield new Reload(Reload.Reason.TOO_MUCH);
        }
        // What is newer than his admission has not been decided yet, and will be heard.
        boolean readmitted =
            events.stream()
                .filter(delivery -> delivery.position().isIn(now))
                .anyMatch(delivery -> readmits.test(delivery.posted().event()));
        yield readmitted
            ? new Reload(Reload.Reason.READMITTED)
            : new Recovered(events, events.getLast().position());
      }
    };
  }
}
