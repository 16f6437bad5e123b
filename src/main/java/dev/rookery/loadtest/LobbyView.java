package dev.rookery.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One client's view of a lobby: its members and messages, as received. */
final class LobbyView {
  private static final byte[] UPDATED = PhoenixMessage.quoted("updated");
  private static final byte[] JOINED = PhoenixMessage.quoted("user_joined");
  private static final byte[] LEFT = PhoenixMessage.quoted("user_left");
  private static final byte[] KICKED = PhoenixMessage.quoted("user_kicked");

  private final long lobby;
  private final StreamOrderCheck order;
  private final Set<Long> members = new HashSet<>();
  private final TreeMap<Long, String> messages = new TreeMap<>();
  private final Set<Long> receivedIds = new HashSet<>();
  private final LoadMetrics metrics;
  private long knownFrom;
  private boolean loaded;

  LobbyView(long lobby, LoadMetrics metrics) {
    this.lobby = lobby;
    this.metrics = metrics;
    this.order = new StreamOrderCheck(metrics);
  }

  long lobby() {
    return lobby;
  }

  String topic() {
    return "lobby:" + lobby;
  }

  StreamOrderCheck order() {
    return order;
  }

  Set<Long> members() {
    return members;
  }

  /** Messages by id, from {@link #knownFrom} on. */
  Map<Long, String> messages() {
    return messages;
  }

  long knownFrom() {
    return knownFrom;
  }

  /** Clears everything, because the server could not resume from the last position. */
  void clear() {
    order.reset();
    members.clear();
    messages.clear();
    receivedIds.clear();
    loaded = false;
  }

  /** Whether the history is loaded too. */
  boolean isLoaded() {
    return loaded;
  }

  void receive(PhoenixMessage message) {
    order.receive(message);
    if (message.isEvent(ChatScenario.MESSAGE)) {
      JsonObject chat = message.payload();
      add(chat);
      if (!receivedIds.add(chat.getLong("id"))) {
        // The same message arrived as two events.
        metrics.repeat();
      }
    } else if (message.isEvent(JOINED)) {
      members.add(message.payload().getLong("user_id"));
    } else if (message.isEvent(LEFT) || message.isEvent(KICKED)) {
      members.remove(message.payload().getLong("user_id"));
    } else if (message.isEvent(UPDATED)) {
      members.clear();
      members.addAll(ids(message.payload()));
    }
  }

  /** Loads the newest page of the history. */
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

  /** Describes the first difference from what is stored; null if there is none. */
  @Nullable String difference(Set<Long> storedMembers, TreeMap<Long, String> storedMessages) {
    if (!members.equals(storedMembers)) {
      return "members " + members + ", stored " + storedMembers;
    }
    Map<Long, String> stored = storedMessages.tailMap(knownFrom, true);
    if (!messages.equals(stored)) {
      var missing = new HashSet<>(stored.keySet());
      missing.removeAll(messages.keySet());
      return messages.size() + " messages, stored " + stored.size() + "; not received: " + missing;
    }
    return null;
  }
}
