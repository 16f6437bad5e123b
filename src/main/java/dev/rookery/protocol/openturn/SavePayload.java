package dev.rookery.protocol.openturn;

import dev.rookery.base.Text;
import dev.rookery.game.MatchSetup;
import dev.rookery.match.SaveCommand.CapturedMatch;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON inside a save (openturn contract, 5.3). */
final class SavePayload {
  private static final int TEXT_MAX = 256;
  private static final int PLAYERS_MAX = 64;
  private static final String CHECKPOINT = "checkpoint";
  private static final String META = "meta";
  private static final String MATCH = "match";
  private static final String SEED = "seed";
  private static final String INITIAL_NOW = "initialNow";
  private static final String REVISION = "revision";
  private static final String HOST = "hostPlayerID";

  private SavePayload() {}

  static JsonObject of(CapturedMatch match, long savedAt, String savedBy) {
    var log = new JsonArray();
    match.log().forEach(record -> log.add(new JsonObject(record)));
    var checkpoint = new JsonObject(match.checkpoint());
    JsonObject meta = checkpoint.getJsonObject(META, new JsonObject());
    checkpoint.put(META, meta.put("log", log));
    return head(match.gameKey(), match.gameVersion(), match.schemaVersion(), savedAt, savedBy)
        .put("roomIDOrigin", match.room())
        .put(SEED, match.setup().seed())
        .put(INITIAL_NOW, match.setup().initialNow())
        .put(MATCH, match.setup().match())
        .put("branch", branch(match.log().size()))
        .put(CHECKPOINT, checkpoint)
        .put(REVISION, match.revision());
  }

  static JsonObject head(
      String gameKey, String version, String schemaVersion, long savedAt, String savedBy) {
    return new JsonObject()
        .put("saveFormatVersion", SaveEnvelope.FORMAT_VERSION)
        .put("savedAt", savedAt)
        .put("savedByUserID", savedBy)
        .put("gameKey", gameKey)
        .put("deploymentVersion", version)
        .put("schemaVersion", schemaVersion);
  }

  private static JsonObject branch(int actions) {
    return new JsonObject()
        .put("branchID", "main")
        .putNull("createdAtActionID")
        .put("createdAtRevision", 0)
        .put("headActionID", actions == 0 ? null : "m_" + actions)
        .putNull("parentBranchID");
  }

  /** The match in a save; null if something is missing or has the wrong type. */
  static @Nullable CapturedMatch match(JsonObject payload) {
    String key = text(payload.getValue("gameKey"));
    String version = text(payload.getValue("deploymentVersion"));
    MatchSetup setup = setup(payload);
    List<String> log = log(payload.getValue(CHECKPOINT));
    return key == null
            || version == null
            || setup == null
            || log == null
            || !(payload.getValue(REVISION) instanceof Number revision)
        ? null
        : new CapturedMatch("", key, version, "", setup, revision.longValue(), "{}", log);
  }

  private static @Nullable MatchSetup setup(JsonObject payload) {
    String seed = text(payload.getValue(SEED));
    List<String> players = players(payload.getValue(MATCH));
    if (seed == null
        || players == null
        || !(payload.getValue(MATCH) instanceof JsonObject match)
        || !(payload.getValue(INITIAL_NOW) instanceof Number initialNow)
        || !(match.getValue(HOST) == null || match.getValue(HOST) instanceof String)) {
      return null;
    }
    var profiles = new HashMap<String, String>();
    if (match.getValue("profiles") instanceof JsonObject saved) {
      players.forEach(player -> profiles.put(player, Json.encode(saved.getValue(player))));
    }
    String config = match.getValue("config") instanceof JsonObject saved ? saved.encode() : null;
    try {
      return new MatchSetup(
          players, match.getString(HOST), seed, initialNow.longValue(), config, profiles);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text
            && !text.isEmpty()
            && text.length() <= TEXT_MAX
            && Text.isStorable(text)
        ? text
        : null;
  }

  private static @Nullable List<String> players(@Nullable Object value) {
    if (!(value instanceof JsonObject match)
        || !(match.getValue("players") instanceof JsonArray all)
        || all.isEmpty()
        || all.size() > PLAYERS_MAX) {
      return null;
    }
    var players = new ArrayList<String>(all.size());
    for (Object each : all) {
      String player = text(each);
      if (player == null) {
        return null;
      }
      players.add(player);
    }
    return players;
  }

  /** From a snapshot of the protocol, or of the core; else there was no action. */
  private static @Nullable List<String> log(@Nullable Object value) {
    if (!(value instanceof JsonObject checkpoint)) {
      return null;
    }
    Object all = checkpoint.getValue("log");
    if (all == null && checkpoint.getValue(META) instanceof JsonObject meta) {
      all = meta.getValue("log");
    }
    if (!(all instanceof JsonArray records)) {
      return List.of();
    }
    var log = new ArrayList<String>(records.size());
    for (Object each : records) {
      if (!(each instanceof JsonObject record)) {
        return null;
      }
      log.add(record.encode());
    }
    return log;
  }
}
