package dev.rookery.match;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest commands that changed a room, by the ids that the node gave them that sent them: so a
 * command that is sent again because its answer was late is carried out once, by a new owner too.
 */
final class RoomRequests {
  /** How many commands of others may come between a command and its repetition. */
  private static final int MAX = 32;

  private final Deque<String> latest = new ArrayDeque<>();

  /** As {@link #toText} gave them; null for none. */
  static RoomRequests of(@Nullable String text) {
    var requests = new RoomRequests();
    if (text != null && !text.isEmpty()) {
      requests.latest.addAll(List.of(text.split(" ", -1)));
    }
    return requests;
  }

  boolean contains(String request) {
    return latest.contains(request);
  }

  /** The text with one more, which is added when it has been stored. */
  String toText(String next) {
    var all = new ArrayDeque<>(latest);
    all.addLast(next);
    while (all.size() > MAX) {
      all.removeFirst();
    }
    return String.join(" ", all);
  }

  void add(String request) {
    latest.addLast(request);
    while (latest.size() > MAX) {
      latest.removeFirst();
    }
  }
}
