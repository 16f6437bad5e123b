package dev.rookery.match;

import dev.rookery.game.MatchSetup;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the match of a room is started with: what a save says, if the match goes on with one, and
 * otherwise who sits in the lobby.
 */
final class StartSetup {
  private static final String PLAYERS = "players";
  private static final String HOST = "hostPlayerID";
  private static final String INITIAL_NOW = "initialNow";
  private static final String CONFIG = "config";
  private static final String PROFILES = "profiles";

  private StartSetup() {}

  /** The form in which the setup of a saved match is stored; its seed is stored with the room. */
  static String encode(MatchSetup setup) {
    return new JsonObject()
        .put(PLAYERS, new JsonArray(setup.players()))
        .put(HOST, setup.hostPlayerID())
        .put(INITIAL_NOW, setup.initialNow())
        .put(CONFIG, setup.config())
        .put(PROFILES, new JsonObject(new LinkedHashMap<>(setup.profiles())))
        .encode();
  }

  /**
   * @param now when the match is or was started, unless it goes on with a save
   */
  static MatchSetup of(RoomRow room, LobbyRules lobby, long now) {
    String stored = room.startSetup();
    if (stored == null) {
      return lobby.setup(room.seed(), now, profiles(room));
    }
    var saved = new JsonObject(stored);
    List<String> players = saved.getJsonArray(PLAYERS).stream().map(String.class::cast).toList();
    var profiles = new HashMap<String, String>();
    for (var profile : saved.getJsonObject(PROFILES, new JsonObject())) {
      profiles.put(profile.getKey(), (String) profile.getValue());
    }
    return new MatchSetup(
        players,
        saved.getString(HOST),
        room.seed(),
        saved.getLong(INITIAL_NOW),
        saved.getString(CONFIG),
        profiles);
  }

  private static Map<String, String> profiles(RoomRow room) {
    var texts = new HashMap<String, String>();
    String profiles = room.profiles();
    if (profiles != null) {
      new JsonObject(profiles)
          .forEach(entry -> texts.put(entry.getKey(), Json.encode(entry.getValue())));
    }
    return texts;
  }
}
