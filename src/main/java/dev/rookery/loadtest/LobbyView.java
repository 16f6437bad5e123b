package dev.rookery.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one client knows of one lobby: who is in it and what was said, as it was told. */
final class LobbyView {
  private static final byte[] UPDATED = PhoenixMessage.quoted("updated");
  private static final byte[] JOINED = PhoenixMessage.quoted("user_joined");
  private static final byte[] LEFT = PhoenixMessage.quoted("user_left");
  private static final byte[] KICKED = PhoenixMessage.quoted("user_kicked");

  private final long lobby;
  private final StreamOrderCheck trail;
  private final Set<Long> members = new HashSet<>();
  private final TreeMap<Long, String> messages = new TreeMap<>();
  private final Set<Long> heard = new HashSet<>();
  private final LoadMetrics figures;
  private long knownFrom;
  private boolean loaded;

  LobbyView(long lobby, LoadMetrics figures) {
    this.lobby = lobby;
    this.figures = figures;
    this.trail = new StreamOrderCheck(figures);
  }

  long lobby() {
    return lobby;
  }

  String topic() {
    return "lobby:" + lobby;
  }

  StreamOrderCheck trail() {
    return trail;
  }

  Set<Long> members() {
    return members;
  }

  /** By id, from {@link #knownFrom} on. */
  Map<Long, String> messages() {
    return messages;
  }

  long knownFrom() {
    return knownFrom;
  }

  /** The server said that it cannot go on from where we are. */
  void forget() {
    trail.forget();
    members.clear();
    messages.clear();
    heard.clear();
    loaded = false;
  }

  /** Whether what was said before is known too. */
  boolean isLoaded() {
    return loaded;
  }

  void hear(PhoenixMessage pushed) {
    trail.hear(pushed);
    if (pushed.isEvent(ChatScenario.MESSAGE)) {
      JsonObject message = pushed.payload();
      add(message);
      if (!heard.add(message.getLong("id"))) {
        // One message as two events.
        figures.repeat();
      }
    } else if (pushed.isEvent(JOINED)) {
      members.add(pushed.payload().getLong("user_id"));
    } else if (pushed.isEvent(LEFT) || pushed.isEvent(KICKED)) {
      members.remove(pushed.payload().getLong("user_id"));
    } else if (pushed.isEvent(UPDATED)) {
      members.clear();
      members.addAll(ids(pushed.payload()));
    }
  }

  /** The newest page of what was said before. */
  void load(JsonObject page, int size) {
    JsonArray newest = page.getJsonArray("data");
    newest.forEach(message -> add((JsonObject) message));
    loaded = true;
    knownFrom = newest.size() < size || messages.isEmpty() ? 0 : messages.firstKey();
  }

  private void add(JsonObject message) {
    messages.put(message.getLong("id"), message.getString("content"));
  }

  static Set<Long> ids(JsonObject lobby) {
    var ids = new HashSet<Long>();
    lobby.getJsonArray("members").forEach(member -> ids.add(((JsonObject) member).getLong("id")));
    return ids;
  }

  /** What differs from what is stored; null if nothing does. */
  @Nullable String differs(Set<Long> storedMembers, TreeMap<Long, String> storedMessages) {
    if (!members.equals(storedMembers)) {
      return "members " + members + ", stored " + storedMembers;
    }
    Map<Long, String> stored = storedMessages.tailMap(knownFrom, true);
    if (!messages.equals(stored)) {
      var missing = new HashSet<>(stored.keySet());
      missing.removeAll(messages.keySet());
      return messages.size() + " messages, stored " + stored.size() + "; not heard: " + missing;
    }
    return null;
  }
}
