package dev.rookery.protocol.console;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The topics that admins have opened on this node lately, at most {@value #TOPICS_MAX}: a page that
 * connects again, after it was hidden, is not recorded again. Thread-safe.
 */
final class OpenedStreams {
  private static final int TOPICS_MAX = 1_000;

  private record Opened(String session, String topic) {}

  private final Set<Opened> opened =
      Collections.synchronizedSet(Collections.newSetFromMap(new Latest()));

  /** Whether the audit log shows that the topic was opened in the session. */
  boolean contains(String session, String topic) {
    return opened.contains(new Opened(session, topic));
  }

  /** Notes that the audit log shows it. */
  void add(String session, String topic) {
    opened.add(new Opened(session, topic));
  }

  private static final class Latest extends LinkedHashMap<Opened, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Opened, Boolean> eldest) {
      return size() > TOPICS_MAX;
    }
  }
}
