package dev.rookery.base;

import java.util.List;
import java.util.function.Function;

/** What came after a position of a stream: all of it, or word that it cannot be had any more. */
public sealed interface CatchUp<E> {
  /** Nothing came after it. */
  record UpToDate<E>() implements CatchUp<E> {}

  /**
   * What came next, in order and without a gap.
   *
   * @param more whether still more came than was asked for
   */
  record Events<E>(List<E> events, boolean more) implements CatchUp<E> {
    public Events {
      events = List.copyOf(events);
    }
  }

  /** Some of it is no longer kept, or the position is none that this stream ever had. */
  record Unrecoverable<E>() implements CatchUp<E> {}

  default <T> CatchUp<T> map(Function<? super E, ? extends T> view) {
    return switch (this) {
      case UpToDate<E> _ -> new UpToDate<>();
      case Events<E>(var events, var more) ->
          new Events<>(events.stream().<T>map(view).toList(), more);
      case Unrecoverable<E> _ -> new Unrecoverable<>();
    };
  }
}
