package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The games that rooms can be opened for, in their versions. A new room starts on the active
 * version of its game, which is the one of the server until another one is deployed; a room that
 * exists keeps the version that it began with.
 */
public final class Games {
  private static final String BUILTIN = "builtin-";

  private final Map<String, Game> builtin = new LinkedHashMap<>();
  private final Game first;
  private final Map<Version, Game> loaded = new ConcurrentHashMap<>();
  private volatile Map<String, Game> active = Map.of();
  private volatile Function<Version, Optional<Game>> loader = _ -> Optional.empty();

  /** Names a version of a game. */
  record Version(String gameKey, String version) {
    static Version of(Game game) {
      return new Version(game.info().gameKey(), game.info().deploymentVersion());
    }
  }

  /**
   * @param games that are part of the server; the first one is the default
   */
  public Games(List<Game> games) {
    games.forEach(game -> builtin.put(game.info().gameKey(), game));
    first = games.getFirst();
  }

  /** The game of rooms that name none. */
  Game standard() {
    return require(first.info().gameKey());
  }

  /** The version of a game on which new rooms start. */
  Game require(String gameKey) {
    Game found = active.get(gameKey);
    if (found == null) {
      found = builtin.get(gameKey);
    }
    if (found == null) {
      throw Refused.missing("unknown_game");
    }
    return found;
  }

  /** The versions on which new rooms start, by the keys of their games. */
  List<Game> active() {
    var all = new TreeMap<>(builtin);
    all.putAll(active);
    return List.copyOf(all.values());
  }

  /** The version on which new rooms of a game start; empty if there is no such game. */
  Optional<String> activeVersion(String gameKey) {
    return Optional.ofNullable(active.get(gameKey))
        .or(() -> Optional.ofNullable(builtin.get(gameKey)))
        .map(game -> game.info().deploymentVersion());
  }

  /** The version of a game on which a room has started. Blocks if it is not loaded here yet. */
  Game require(String gameKey, String version) {
    Optional<Game> found = find(gameKey, version);
    if (found.isEmpty() && version.startsWith(BUILTIN)) {
      // A room of an earlier version of the server goes on with the game that is part of this one.
      found = Optional.ofNullable(builtin.get(gameKey));
    }
    return found.orElseThrow(() -> Refused.missing("unknown_game"));
  }

  /** A version of a game, empty if there is none. Blocks if it is not loaded here yet. */
  Optional<Game> find(String gameKey, String version) {
    if (isBuiltin(gameKey, version)) {
      return Optional.ofNullable(builtin.get(gameKey));
    }
    var wanted = new Version(gameKey, version);
    Game found = loaded.get(wanted);
    return found == null ? loader.apply(wanted) : Optional.of(found);
  }

  /** Whether a version is part of the server. */
  boolean isBuiltin(String gameKey, String version) {
    Game own = builtin.get(gameKey);
    return own != null && own.info().deploymentVersion().equals(version);
  }

  void setLoader(Function<Version, Optional<Game>> loader) {
    this.loader = loader;
  }

  void add(Game game) {
    loaded.put(Version.of(game), game);
  }

  Map<Version, Game> loaded() {
    return new HashMap<>(loaded);
  }

  void forget(Version version) {
    loaded.remove(version);
  }

  /** From now on new rooms start on these versions. */
  void setActive(Map<String, Game> games) {
    active = Map.copyOf(games);
  }
}
