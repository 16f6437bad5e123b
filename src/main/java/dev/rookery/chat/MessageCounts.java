package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How many messages each sender wrote to one audience. */
final class MessageCounts {
  private final SortedMap<PlayerId, Long> bySender =
      new TreeMap<>(Comparator.comparingLong(PlayerId::value));
  private long total;

  void add(PlayerId sender, long messages) {
    total += messages;
    bySender.merge(sender, messages, Long::sum);
  }

  SortedMap<PlayerId, Long> bySender() {
    return Collections.unmodifiableSortedMap(bySender);
  }

  /** How many messages the player did not write. */
  int countFor(PlayerId member) {
    return Math.toIntExact(total - bySender.getOrDefault(member, 0L));
  }

  /**
   * How many messages the player did not write, without those of some senders.
   *
   * @param muted whether those of a sender do not count
   */
  int countFor(PlayerId member, Predicate<PlayerId> muted) {
    long without =
        bySender.entrySet().stream()
            .filter(one -> one.getKey().equals(member) || muted.test(one.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return Math.toIntExact(total - without);
  }
}
