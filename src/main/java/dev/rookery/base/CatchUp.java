package dev.rookery.base;

import java.util.List;
import java.util.function.Function;

/** The events of a stream after a position, or the fact that they are no longer available. */
public sealed interface CatchUp<E> {
  /** There are no newer events. */
  record UpToDate<E>() implements CatchUp<E> {}

  /**
   * The next events, in order and without a gap.
   *
   * @param more whether there are further events beyond these
   */
  record Events<E>(List<E> events, boolean more) implements CatchUp<E> {
    public Events {
      events = List.copyOf(events);
    }
  }

  /** Some of the events are no longer kept, or the stream never had this position. */
  record Unrecoverable<E>() implements CatchUp<E> {}

  default <T> CatchUp<T> map(Function<? super E, ? extends T> mapper) {
    return switch (this) {
      case UpToDate<E> _ -> new UpToDate<>();
      case Events<E>(var events, var more) ->
          new Events<>(events.stream().<T>map(mapper).toList(), more);
      case Unrecoverable<E> _ -> new Unrecoverable<>();
    };
  }
}
