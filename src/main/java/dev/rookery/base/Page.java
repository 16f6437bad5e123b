package dev.rookery.base;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list whose wire counts pages from one.
 *
 * @param total how many items the whole list has
 */
public record Page<T>(List<T> items, int number, int size, long total) {
  public Page {
    items = List.copyOf(items);
  }

  /** Which page is asked for: {@code number} from 1, {@code size} from 1. */
  public record Request(int number, int size) {
    public Request {
      if (number < 1 || size < 1) {
        throw new IllegalArgumentException("page " + number + " of size " + size);
      }
    }

    public long offset() {
      return (number - 1L) * size;
    }
  }

  public <R> Page<R> map(Function<? super T, R> view) {
    return new Page<>(items.stream().<R>map(view).toList(), number, size, total);
  }
}
