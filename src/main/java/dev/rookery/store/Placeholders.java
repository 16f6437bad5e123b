package dev.rookery.store;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Texts for statements about many things at once. There is one text for each of a few sizes, so
 * that every database keeps the few statements prepared; what is left of the size is filled up.
 */
public final class Placeholders {
  private static final int[] SIZES = {1, 4, 16, 64};

  /** The most things that one statement is about. */
  public static final int MANY_MAX = SIZES[SIZES.length - 1];

  private Placeholders() {}

  /** The smallest size with room for {@code count} things. */
  public static int room(int count) {
    for (int size : SIZES) {
      if (count <= size) {
        return size;
      }
    }
    throw new IllegalArgumentException(count + " at once, but at most " + MANY_MAX);
  }

  /**
   * Values for a statement that names many things: first room for {@code before} others, then the
   * things, filled up to their {@link #room}.
   */
  public static <T> @Nullable Object[] values(
      int before, Collection<T> things, ToLongFunction<T> number) {
    var values = new @Nullable Object[before + room(things.size())];
    int place = before;
    for (T thing : things) {
      values[place++] = number.applyAsLong(thing);
    }
    return values;
  }

  /** Does some work with all things, {@link #MANY_MAX} at a time, in their order. */
  public static <T> void inParts(List<T> all, Consumer<List<T>> work) {
    for (int from = 0; from < all.size(); from += MANY_MAX) {
      work.accept(all.subList(from, Math.min(all.size(), from + MANY_MAX)));
    }
  }

  /** {@code $3, $4, $5}: for the values of an IN. */
  public static String list(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(number -> "$" + number)
        .collect(Collectors.joining(", "));
  }

  /** {@code ($3, $4), ($5, $6)}: for VALUES. */
  public static String rows(int first, int width, int count) {
    return IntStream.range(0, count)
        .mapToObj(row -> "(" + list(first + row * width, width) + ")")
        .collect(Collectors.joining(", "));
  }
}
