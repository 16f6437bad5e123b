package dev.rookery.base;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * One page of a list; pages are counted from 1.
 *
 * @param total number of items in the whole list
 */
public record Page<T>(List<T> items, int number, int size, long total) {
  public Page {
    items = List.copyOf(items);
  }

  /** A requested page: {@code number} and {@code size} are at least 1. */
  public record Request(int number, int size) {
    public Request {
      if (number < 1 || size < 1) {
        throw new IllegalArgumentException("page " + number + " of size " + size);
      }
    }

    public long offset() {
      return (number - 1L) * size;
    }

    /**
     * The number of items in the whole list. The last page tells it, so only another one is worth a
     * statement that counts.
     *
     * @param found the number of items on this page
     */
    public long total(int found, LongSupplier count) {
      boolean last = found < size && (found > 0 || number == 1);
      return last ? offset() + found : count.getAsLong();
    }
  }

  public <R> Page<R> map(Function<? super T, R> mapper) {
    return new Page<>(items.stream().<R>map(mapper).toList(), number, size, total);
  }
}
