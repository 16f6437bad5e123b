package dev.rookery.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * The texts of statements about many things at once, one of each kind for each size that {@link
 * Placeholders} knows: written once, and then the same for as long as the node lives.
 */
public final class StatementTexts {
  private final Map<String, Map<Integer, String>> texts = new ConcurrentHashMap<>();

  /**
   * The text of a kind with room for so many things.
   *
   * @param write the text with room for exactly as many as it is given
   */
  public String of(String kind, int count, IntFunction<String> write) {
    return texts
        .computeIfAbsent(kind, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(Placeholders.room(count), write::apply);
  }
}
