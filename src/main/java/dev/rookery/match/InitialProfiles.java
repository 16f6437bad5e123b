package dev.rookery.match;

import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.match.ControlPlane.Reply;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.store.Reader;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profiles with which a match starts: from the rows of this server, or from the control plane
 * if there is one. Thread-safe; blocks the virtual thread.
 */
final class InitialProfiles {
  private static final Logger LOG = LoggerFactory.getLogger(InitialProfiles.class);
  private static final String HYDRATE = "/api/profiles/hydrate";

  private final Reader database;
  private final @Nullable ControlPlane controlPlane;
  private final ProfileStore store = new ProfileStore();

  /**
   * @param controlPlane null if this server keeps the profiles
   */
  InitialProfiles(Reader database, @Nullable ControlPlane controlPlane) {
    this.database = database;
    this.controlPlane = controlPlane;
  }

  /** By player; empty if the game has none. */
  JsonObject of(LobbyRules rules) {
    var profiles = new JsonObject();
    ProfileInfo profile = rules.game().profile();
    if (profile != null) {
      Map<String, String> users = rules.users();
      Map<String, String> known = find(rules.game().gameKey(), profile, users);
      for (TakenSeat seat : rules.seats()) {
        String player = rules.game().playerIDs().get(seat.index());
        String user = users.get(player);
        String data = user == null ? null : known.get(user);
        profiles.put(player, Json.decodeValue(data == null ? profile.initial() : data));
      }
    }
    return profiles;
  }

  /** What is known, by user. */
  private Map<String, String> find(String gameKey, ProfileInfo profile, Map<String, String> users) {
    ControlPlane plane = controlPlane;
    if (plane != null) {
      return hydrate(plane, gameKey, users);
    }
    var known = new HashMap<String, String>();
    for (String user : users.values()) {
      store.find(database, gameKey, profile, user).ifPresent(data -> known.put(user, data));
    }
    return known;
  }

  /** A match starts without what the control plane does not give. */
  private static Map<String, String> hydrate(
      ControlPlane plane, String gameKey, Map<String, String> users) {
    var known = new HashMap<String, String>();
    if (users.isEmpty()) {
      return known;
    }
    var request =
        JsonObject.of("gameKey", gameKey)
            .put("userIDs", new JsonArray(users.values().stream().toList()));
    Reply reply = plane.post(HYDRATE, request).otherwise(Reply::missing).await();
    if (reply.ok() && reply.body().getValue("profiles") instanceof JsonArray profiles) {
      for (Object one : profiles) {
        if (one instanceof JsonObject profile
            && profile.getValue("userID") instanceof String user
            && profile.getValue("data") != null) {
          known.put(user, Json.encode(profile.getValue("data")));
        }
      }
    } else {
      LOG.warn("the control plane gives no profiles of {}: {}", gameKey, reply.problem());
    }
    return known;
  }
}
