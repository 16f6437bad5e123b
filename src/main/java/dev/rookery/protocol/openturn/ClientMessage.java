package dev.rookery.protocol.openturn;

import dev.rookery.base.JsonText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What clients send (openturn contract, 2.1 and 3.2). Unknown fields are ignored; a message in
 * which a field is missing or has the wrong type is none.
 */
sealed interface ClientMessage {
  /** The largest whole number that JavaScript keeps exactly. */
  long SAFE_MAX = (1L << 53) - 1;

  /** A message in the lobby, with the type under which a rejection names it. */
  sealed interface Lobby extends ClientMessage {
    String type();
  }

  record TakeSeat(String type, int seat) implements Lobby {}

  record LeaveSeat(String type) implements Lobby {}

  record SetReady(String type, boolean ready) implements Lobby {}

  record Start(String type) implements Lobby {}

  record Close(String type) implements Lobby {}

  record AssignBot(String type, int seat, String bot) implements Lobby {}

  record ClearSeat(String type, int seat) implements Lobby {}

  record SetTargetCapacity(String type, int capacity) implements Lobby {}

  /**
   * @param value JSON text; {@code null} if there is none
   */
  record SetConfig(String type, String key, String value) implements Lobby {}

  /** Asks for a snapshot. */
  record Sync() implements ClientMessage {}

  record SaveRequest(String clientRequestID) implements ClientMessage {}

  /**
   * @param payload JSON text
   */
  record Action(String event, String payload, String clientActionID, @Nullable Long baseRevision)
      implements ClientMessage {}

  /** The object in a frame; null if it is none. */
  private static @Nullable JsonObject object(byte[] frame) {
    try {
      return JsonText.isAcceptable(frame)
          ? new JsonObject(new String(frame, StandardCharsets.UTF_8))
          : null;
    } catch (DecodeException _) {
      return null;
    }
  }

  /** Reads a frame of a lobby socket; null if it cannot be read. */
  static @Nullable Lobby readLobby(byte[] frame) {
    JsonObject json = object(frame);
    if (json == null || !(json.getValue("type") instanceof String type)) {
      return null;
    }
    Integer seat = index(json.getValue("seatIndex"));
    return switch (type) {
      case "lobby:take_seat" -> seat == null ? null : new TakeSeat(type, seat);
      case "lobby:leave_seat" -> new LeaveSeat(type);
      case "lobby:set_ready" ->
          json.getValue("ready") instanceof Boolean ready ? new SetReady(type, ready) : null;
      case "lobby:start" -> new Start(type);
      case "lobby:close" -> new Close(type);
      case "lobby:assign_bot" -> {
        String bot = name(json.getValue("botID"));
        yield seat == null || bot == null ? null : new AssignBot(type, seat, bot);
      }
      case "lobby:clear_seat" -> seat == null ? null : new ClearSeat(type, seat);
      case "lobby:set_target_capacity" -> {
        Integer capacity = index(json.getValue("targetCapacity"));
        yield capacity == null || capacity == 0 ? null : new SetTargetCapacity(type, capacity);
      }
      case "host:set_config" -> {
        String key = name(json.getValue("key"));
        yield key == null ? null : new SetConfig(type, key, Json.encode(json.getValue("value")));
      }
      default -> null;
    };
  }

  /** Reads a frame of a game socket; null if it is to be ignored. */
  static @Nullable ClientMessage readGame(byte[] frame) {
    JsonObject json = object(frame);
    if (json == null
        || !(json.getValue("type") instanceof String type)
        || !(json.getValue("matchID") instanceof String)
        || !(json.getValue("playerID") instanceof String)) {
      return null;
    }
    return switch (type) {
      case "sync" -> new Sync();
      case "resync" -> safe(json.getValue("sinceRevision")) == null ? null : new Sync();
      case "save-request" ->
          json.getValue("clientRequestID") instanceof String id ? new SaveRequest(id) : null;
      case "action" -> action(json);
      default -> null;
    };
  }

  private static @Nullable ClientMessage action(JsonObject json) {
    Long base = safe(json.getValue("baseRevision"));
    boolean baseValid = !json.containsKey("baseRevision") || base != null;
    return baseValid
            && json.containsKey("payload")
            && json.getValue("event") instanceof String event
            && json.getValue("clientActionID") instanceof String id
        ? new Action(event, Json.encode(json.getValue("payload")), id, base)
        : null;
  }

  private static @Nullable Long safe(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      return null;
    }
    double exact = number.doubleValue();
    return exact == Math.rint(exact) && Math.abs(exact) <= SAFE_MAX ? (Long) (long) exact : null;
  }

  /** A whole number that is not negative; those beyond an int are as good as its largest. */
  private static @Nullable Integer index(@Nullable Object value) {
    Long number = safe(value);
    return number == null || number < 0
        ? null
        : (Integer) (int) Math.min(number, Integer.MAX_VALUE);
  }

  private static @Nullable String name(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty() ? text : null;
  }
}
