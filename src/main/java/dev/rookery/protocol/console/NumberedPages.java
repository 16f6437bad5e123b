package dev.rookery.protocol.console;

import dev.rookery.base.Page;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list in parts whose pages have numbers. For one reader that goes from the first page to
 * the last; rows that come or go meanwhile move the others by one.
 */
final class NumberedPages<T> implements BiFunction<@Nullable T, Integer, Future<List<T>>> {
  private final int size;
  private final Function<Page.Request, Future<Page<T>>> read;
  private int number;

  /**
   * @param size of the pages, which the list must not cut
   */
  NumberedPages(int size, Function<Page.Request, Future<Page<T>>> read) {
    this.size = size;
    this.read = read;
  }

  @Override
  public Future<List<T>> apply(@Nullable T last, Integer max) {
    number = last == null ? 1 : number + 1;
    return read.apply(new Page.Request(number, size)).map(Page::items);
  }
}
