package dev.rookery.protocol.openturn;

import dev.rookery.edge.EncodedFrame;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.game.GameSession.Step;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encodes what the server sends (openturn contract, 2.2 and 3.6). Optional fields are absent, never
 * null: clients refuse null.
 */
final class ServerMessage {
  private static final String TYPE = "type";
  private static final String REASON = "reason";

  private ServerMessage() {}

  /** Reasons for which a change of an option is rejected whatever its value is. */
  private static final Set<String> LOBBY_REASONS =
      Set.of("not_host", "bad_phase", "room_closed", "unknown");

  static EncodedFrame lobbyState(RoomInfo room) {
    var state =
        JsonObject.of(TYPE, "lobby:state", "roomID", room.room(), "phase", room.phase().text())
            .put("hostUserID", room.hostUser())
            .put("seats", seats(room))
            .put("minPlayers", room.minPlayers())
            .put("maxPlayers", room.maxPlayers())
            .put("targetCapacity", room.targetCapacity())
            .put("canStart", room.canStart())
            .put("availableBots", availableBots(room));
    String config = room.config();
    if (config != null) {
      state.put("config", JsonObject.of("values", new JsonObject(config)));
    }
    return frame(state);
  }

  private static JsonArray availableBots(RoomInfo room) {
    var bots = new JsonArray();
    for (BotInfo bot : room.availableBots()) {
      var shown = JsonObject.of("botID", bot.botID(), "label", bot.label());
      if (bot.description() != null) {
        shown.put("description", bot.description());
      }
      if (bot.difficulty() != null) {
        shown.put("difficulty", bot.difficulty());
      }
      bots.add(shown);
    }
    return bots;
  }

  /** A room and its seats, for routes. */
  static JsonObject room(RoomInfo room) {
    return JsonObject.of("roomID", room.room(), "hostUserID", room.hostUser())
        .put("phase", room.phase().text())
        .put("minPlayers", room.minPlayers())
        .put("maxPlayers", room.maxPlayers())
        .put("targetCapacity", room.targetCapacity())
        .put("seats", seats(room));
  }

  /** All offered seats, open ones included. */
  static JsonArray seats(RoomInfo room) {
    var seats = new JsonArray();
    for (int index = 0; index < room.targetCapacity(); index++) {
      seats.add(JsonObject.of("kind", "open", "seatIndex", index));
    }
    for (SeatInfo seat : room.seats()) {
      BotInfo bot = seat.bot();
      if (bot != null) {
        seats.set(
            seat.index(),
            JsonObject.of("kind", "bot", "seatIndex", seat.index())
                .put("botID", bot.botID())
                .put("label", bot.label()));
        continue;
      }
      seats.set(
          seat.index(),
          JsonObject.of("kind", "human", "seatIndex", seat.index(), "userID", seat.user())
              .put("userName", seat.userName())
              .put("ready", seat.ready())
              .put("connected", seat.connected()));
    }
    return seats;
  }

  static EncodedFrame lobbyRejected(
      String reason, @Nullable String echoType, @Nullable String configKey) {
    var message = JsonObject.of(TYPE, "lobby:rejected");
    if (configKey != null && !LOBBY_REASONS.contains(reason)) {
      message
          .put(REASON, "invalid_config_value")
          .put("configKey", configKey)
          .put("configDetail", reason);
    } else {
      message.put(REASON, reason);
    }
    if (echoType != null) {
      message.put("echoType", echoType);
    }
    return frame(message);
  }

  static EncodedFrame lobbyUnreadable() {
    return frame(
        JsonObject.of(TYPE, "lobby:rejected", REASON, "unknown")
            .put("message", "could_not_parse_message"));
  }

  static EncodedFrame lobbyClosed(String reason) {
    return frame(JsonObject.of(TYPE, "lobby:closed", REASON, reason));
  }

  /**
   * @param connectUrl the address of the room's sockets, without a token
   */
  static EncodedFrame transition(
      RoomInfo room, String playerID, TokenIssuer.Issued issued, String connectUrl) {
    var assignments = new JsonArray();
    for (SeatInfo seat : room.seats()) {
      BotInfo bot = seat.bot();
      var assignment =
          JsonObject.of("seatIndex", seat.index(), "playerID", room.playerIDs().get(seat.index()))
              .put("kind", bot == null ? "human" : "bot");
      if (bot != null) {
        assignment.put("botID", bot.botID());
      }
      assignments.add(assignment);
    }
    return frame(
        JsonObject.of(TYPE, "lobby:transition_to_game", "roomID", room.room())
            .put("playerID", playerID)
            .put("roomToken", issued.token())
            .put("tokenExpiresAt", issued.expiresAt())
            .put("websocketURL", connectUrl + "?token=" + issued.token())
            .put("playerAssignments", assignments));
  }

  static EncodedFrame presence(String event, String playerID, List<String> connected) {
    return frame(
        JsonObject.of(TYPE, "openturn:presence", "event", event, "playerID", playerID)
            .put("connectedPlayers", new JsonArray(connected)));
  }

  static EncodedFrame saveReady(String matchID, String clientRequestID, String save) {
    return frame(
        JsonObject.of(TYPE, "save-ready", "matchID", matchID)
            .put("clientRequestID", clientRequestID)
            .put("saveID", save)
            .put("downloadURL", SaveFiles.url(save)));
  }

  static EncodedFrame saveError(String matchID, String clientRequestID, String reason) {
    return frame(
        JsonObject.of(TYPE, "save-error", "matchID", matchID)
            .put("clientRequestID", clientRequestID)
            .put(REASON, reason));
  }

  static EncodedFrame actionRejected(
      String matchID, String clientActionID, String event, String error, ActResult result) {
    var message =
        JsonObject.of(TYPE, "action_rejected", "matchID", matchID)
            .put("clientActionID", clientActionID)
            .put("error", error)
            .put("event", event)
            .put("revision", result.revision());
    if (result.reason() != null) {
      message.put(REASON, result.reason());
    }
    if (result.details() != null) {
      message.put("details", Json.decodeValue(result.details()));
    }
    return frame(message);
  }

  /** A snapshot for one player; the only message without a type. */
  static EncodedFrame snapshot(SeatView view) {
    return frame(snapshotText(view));
  }

  static String snapshotText(SeatView view) {
    return snapshotText(
        view.room(), view.playerID(), view.revision(), view.snapshot(), view.shownLog());
  }

  private static String snapshotText(
      String room, String playerID, long revision, Snapshot seen, List<String> log) {
    // A player without a view of their own cannot be seated, so the public view is never needed.
    String own = seen.views().getOrDefault(playerID, seen.publicView());
    return "{\"derived\":"
        + seen.derived()
        + ",\"G\":"
        + own
        + ",\"log\":["
        + String.join(",", log)
        + "],\"matchID\":"
        + Json.encode(room)
        + ",\"position\":"
        + seen.position()
        + ",\"result\":"
        + seen.result()
        + ",\"revision\":"
        + revision
        + ",\"playerID\":"
        + Json.encode(playerID)
        + "}";
  }

  /**
   * An accepted action as one player sees it.
   *
   * @param before what the player saw before it
   */
  static EncodedFrame batch(MatchEvent.Advanced event, SeatView before) {
    String player = before.playerID();
    var log = new ArrayList<>(before.logBefore(event));
    List<Step> shown = before.payloads().steps(event, player);
    var steps = new StringBuilder();
    long revision = before.revision();
    byte[] last = {};
    for (Step step : shown) {
      revision++;
      if (revision == event.revision()) {
        log.add(shown.getFirst().record());
      }
      steps
          .append("{\"event\":")
          .append(step.record())
          .append(",\"kind\":\"")
          .append(step.kind())
          .append("\",\"snapshot\":");
      String snapshot = snapshotText(event.room(), player, revision, step.after(), log);
      if (revision == event.revision()) {
        last = bytes(snapshot);
      } else {
        steps.append(snapshot).append(afterSnapshot(step)).append(',');
      }
    }
    String acknowledged =
        event.clientActionID() != null && event.playerID().equals(player)
            ? "\"ackClientActionID\":" + Json.encode(event.clientActionID()) + ","
            : "";
    // The snapshot after the last step is in the message twice.
    return EncodedFrame.text(
        bytes(
            "{\"type\":\"batch_applied\",\"matchID\":"
                + Json.encode(event.room())
                + ",\"revision\":"
                + event.revision()
                + ",\"snapshot\":"),
        last,
        bytes(",\"steps\":[" + steps),
        last,
        bytes(
            afterSnapshot(shown.getLast())
                + "],"
                + acknowledged
                + "\"branch\":"
                + branch(event.actionID())
                + "}"));
  }

  private static String afterSnapshot(Step step) {
    return ",\"transition\":" + step.transition() + "}";
  }

  private static String branch(String head) {
    return "{\"branchID\":\"main\",\"createdAtActionID\":null,\"createdAtRevision\":0,"
        + "\"headActionID\":"
        + Json.encode(head)
        + ",\"parentBranchID\":null}";
  }

  private static EncodedFrame frame(JsonObject message) {
    return frame(message.encode());
  }

  private static EncodedFrame frame(String text) {
    return EncodedFrame.text(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
