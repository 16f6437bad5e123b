package dev.rookery.protocol.gamend;

import org.jspecify.annotations.Nullable;

/** Parses the id in a topic such as {@code user:42}. */
final class TopicId {
  private static final int DIGITS_MAX = 18;

  private TopicId() {}

  /** Returns the id, or null unless it is a positive integer without leading zeros. */
  static @Nullable Long of(String topic, String prefix) {
    int digits = topic.length() - prefix.length();
    if (digits < 1 || digits > DIGITS_MAX || topic.charAt(prefix.length()) == '0') {
      return null;
    }
    for (int i = prefix.length(); i < topic.length(); i++) {
      if (topic.charAt(i) < '0' || topic.charAt(i) > '9') {
        return null;
      }
    }
    return Long.valueOf(topic.substring(prefix.length()));
  }
}
