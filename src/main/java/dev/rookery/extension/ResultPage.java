package dev.rookery.extension;

import java.util.List;

/**
 * A page of a list.
 *
 * @param page from 1
 * @param pageSize how many items a full page has
 * @param total how many items the whole list has; lists of messages count up to 10,000
 */
public record ResultPage<T>(List<T> items, int page, int pageSize, long total) {
  public ResultPage {
    items = List.copyOf(items);
  }
}
