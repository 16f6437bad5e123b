package dev.rookery.console;

import dev.rookery.base.Position;
import dev.rookery.store.StreamReader.StoredEvent;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes stored events into what an admin with some rights may see of them. */
final class EventFormat {
  /** The fields of events that name who caused them, the most telling first. */
  private static final List<String> ACTORS =
      List.of("player", "sender", "requester", "actor", "playerID", "host");

  private static final String EMAIL = "\"email\":\"";
  private static final String NO_EMAIL = EMAIL + '"';

  private final Set<Permission> rights;

  EventFormat(Set<Permission> rights) {
    this.rights = rights;
  }

  List<StreamEvent> all(String stream, List<StoredEvent> events) {
    var formatted = new ArrayList<StreamEvent>(events.size());
    for (StoredEvent event : events) {
      formatted.add(of(stream, event));
    }
    return formatted;
  }

  StreamEvent of(String stream, StoredEvent event) {
    return of(
        stream,
        event.position(),
        0,
        event.atMs(),
        event.type(),
        event.bytes(),
        event.payload(),
        event.cut());
  }

  /** An event that was heard on a feed. */
  StreamEvent of(
      String stream, Position position, long sequence, long atMs, String type, String payload) {
    int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
    return of(stream, position, sequence, atMs, type, bytes, payload, false);
  }

  private StreamEvent of(
      String stream,
      Position position,
      long sequence,
      long atMs,
      String type,
      long bytes,
      String payload,
      boolean cut) {
    Permission hidden = hidden(type, payload, cut);
    boolean folded = cut || payload.length() > StreamEvent.FOLDED_CHARS;
    return new StreamEvent(
        stream,
        position,
        sequence,
        atMs,
        type,
        cut ? "" : actor(payload),
        bytes,
        hidden != null ? "" : folded ? fold(payload) : payload,
        folded,
        hidden == null ? "" : hidden.text(),
        "");
  }

  /**
   * The permission that the admin lacks for a payload; null if there is none. A payload with an
   * email address is personal, and so is one whose end is not known.
   */
  @Nullable Permission hidden(String type, String payload, boolean cut) {
    Permission needed = StreamRights.ofEvent(type);
    if (needed != null && !rights.contains(needed)) {
      return needed;
    }
    boolean personal = cut || payload.replace(NO_EMAIL, "").contains(EMAIL);
    return personal && !rights.contains(Permission.PLAYERS_PERSONAL)
        ? Permission.PLAYERS_PERSONAL
        : null;
  }

  static String fold(String payload) {
    int end = Math.min(payload.length(), StreamEvent.FOLDED_CHARS);
    return payload.substring(0, Character.isHighSurrogate(payload.charAt(end - 1)) ? end - 1 : end);
  }

  /** Who caused an event, as far as its fields say so. */
  static String actor(String payload) {
    try {
      var event = new JsonObject(payload);
      for (String field : ACTORS) {
        String found = name(event.getValue(field));
        if (!found.isEmpty()) {
          return found;
        }
      }
      for (Map.Entry<String, Object> part : event) {
        if (part.getValue() instanceof JsonObject inner && inner.containsKey("sender")) {
          return name(inner.getValue("sender"));
        }
      }
      return "";
    } catch (DecodeException | ClassCastException _) {
      return "";
    }
  }

  private static String name(@Nullable Object value) {
    return switch (value) {
      case Number number -> "player " + number;
      case String text -> text.length() <= 64 ? text : "";
      case JsonObject object ->
          object.getValue("displayName") instanceof String name && !name.isBlank()
              ? name
              : object.containsKey("id") ? name(object.getValue("id")) : value(object);
      case null, default -> "";
    };
  }

  private static String value(JsonObject object) {
    return object.getValue("value") instanceof Number id ? "player " + id : "";
  }
}
