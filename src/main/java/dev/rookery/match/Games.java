package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import dev.rookery.game.OfferedGame;
import dev.rookery.game.StoredGames;
import dev.rookery.game.script.ScriptException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The games that rooms can be opened for, in their versions. A new room starts on the active
 * version of its game, which is the one of the server until another one is deployed; a room that
 * exists keeps the version that it began with.
 */
public final class Games {
  private static final Logger LOG = LoggerFactory.getLogger(Games.class);

  /** Why a room sleeps: nobody can run the version of its game. */
  static final String NOT_LOADED = "game_not_loaded";

  private static final String BUILTIN = "builtin-";
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);

  private final Map<String, Game> builtin = new LinkedHashMap<>();
  private final Game first;
  private final Map<Version, Game> loaded = new ConcurrentHashMap<>();
  private volatile Map<String, Active> active = Map.of();
  private final ExtensionGames extensions = new ExtensionGames();
  private volatile StoredGames stored = StoredGames.NONE;
  private volatile Function<Version, Optional<Game>> loader = _ -> Optional.empty();

  /** Opened when this node knows which versions are active. */
  private volatile CountDownLatch known = new CountDownLatch(0);

  /** Names a version of a game. */
  record Version(String gameKey, String version) {
    static Version of(Game game) {
      return new Version(game.info().gameKey(), game.info().deploymentVersion());
    }
  }

  /**
   * The deployed version on which new rooms start.
   *
   * @param game null while it is not loaded here
   */
  record Active(String version, @Nullable Game game) {}

  /**
   * @param games that are part of the server; the first one is the default
   */
  public Games(List<Game> games) {
    games.forEach(game -> builtin.put(game.info().gameKey(), game));
    first = games.getFirst();
  }

  /** The game of rooms that name none. */
  Game standard() {
    return require(standardKey());
  }

  /** The key of that game, also while it cannot be loaded. */
  String standardKey() {
    return first.info().gameKey();
  }

  /**
   * The version of a game on which new rooms start; {@code Unavailable("game_not_loaded")} if this
   * node cannot load it. Blocks if it is not loaded here yet.
   */
  Game require(String gameKey) {
    return findActive(gameKey).orElseThrow(() -> Refused.missing("unknown_game"));
  }

  /** As {@link #require(String)}; empty if there is no such game. */
  Optional<Game> findActive(String gameKey) {
    awaitKnown();
    Active deployed = active.get(gameKey);
    if (deployed == null) {
      return Optional.ofNullable(notDeployed(gameKey));
    }
    if (deployed.game != null) {
      return Optional.of(deployed.game);
    }
    try {
      return find(gameKey, deployed.version);
    } catch (ScriptException broken) {
      throw notLoaded(broken);
    }
  }

  /** The game of an extension or of the server, which a deployed version goes before. */
  private @Nullable Game notDeployed(String gameKey) {
    Game ofExtension = extensions.active().get(gameKey);
    return ofExtension == null ? builtin.get(gameKey) : ofExtension;
  }

  /**
   * From now on extensions have these games.
   *
   * @param names of the extensions that take calls
   */
  public void setExtensions(Set<String> names, List<OfferedGame> games) {
    extensions.set(names, games);
  }

  /**
   * From now on versions of games of extensions that are not loaded are looked for here.
   *
   * @param storedGames blocks
   */
  public void setStored(StoredGames storedGames) {
    stored = storedGames;
  }

  StoredGames stored() {
    return stored;
  }

  /** The games of extensions. */
  ExtensionGames extensions() {
    return extensions;
  }

  /** Whether a version can be run here without being loaded first. */
  boolean isPresent(String gameKey, String version) {
    var wanted = new Version(gameKey, version);
    return (builtin.containsKey(gameKey) && version.startsWith(BUILTIN))
        || isBuiltin(gameKey, version)
        || loaded.containsKey(wanted)
        || extensions.find(wanted) != null;
  }

  /** A room must not start on another version than the active one, not even for a moment. */
  private void awaitKnown() {
    try {
      if (!known.await(KNOWN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Refused(new Refusal.Unavailable(NOT_LOADED));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Refused(new Refusal.Unavailable("not_serving"));
    }
  }

  /** For clients: another node may be able to load the version, or this one later. */
  static Refused notLoaded(ScriptException broken) {
    LOG.debug("a version of a game is needed that cannot be loaded", broken);
    return new Refused(new Refusal.Unavailable(NOT_LOADED));
  }

  /** The versions on which new rooms start and that are loaded, by the keys of their games. */
  List<Game> active() {
    var all = new TreeMap<>(builtin);
    all.putAll(extensions.active());
    active.forEach(
        (gameKey, deployed) -> {
          if (deployed.game == null) {
            all.remove(gameKey);
          } else {
            all.put(gameKey, deployed.game);
          }
        });
    return List.copyOf(all.values());
  }

  /** The version on which new rooms of a game start; empty if there is no such game. */
  Optional<String> activeVersion(String gameKey) {
    return Optional.ofNullable(active.get(gameKey))
        .map(Active::version)
        .or(
            () ->
                Optional.ofNullable(notDeployed(gameKey))
                    .map(game -> game.info().deploymentVersion()));
  }

  /**
   * The version of a game on which a room has started. Blocks if it is not loaded here yet. {@code
   * Unavailable("game_not_loaded")} if it cannot be, or was of an extension that was removed.
   */
  Game require(String gameKey, String version) {
    Optional<Game> found = find(gameKey, version);
    if (found.isEmpty() && version.startsWith(BUILTIN)) {
      // A room of an earlier version of the server goes on with the game that is part of this one.
      found = Optional.ofNullable(builtin.get(gameKey));
    }
    return found.orElseThrow(() -> new Refused(new Refusal.Unavailable(NOT_LOADED)));
  }

  /** A version of a game, empty if there is none. Blocks if it is not loaded here yet. */
  Optional<Game> find(String gameKey, String version) {
    if (isBuiltin(gameKey, version)) {
      return Optional.ofNullable(builtin.get(gameKey));
    }
    var wanted = new Version(gameKey, version);
    Game found = loaded.get(wanted);
    if (found == null) {
      found = extensions.find(wanted);
    }
    return found == null ? loader.apply(wanted).or(() -> loadStored(wanted)) : Optional.of(found);
  }

  private Optional<Game> loadStored(Version wanted) {
    extensions.keep(stored.load(wanted.gameKey, wanted.version));
    return Optional.ofNullable(extensions.find(wanted));
  }

  /** The versions that are part of the server. */
  Stream<String> builtinVersions() {
    return builtin.values().stream().map(game -> game.info().deploymentVersion());
  }

  /** Whether a version is part of the server. */
  boolean isBuiltin(String gameKey, String version) {
    Game own = builtin.get(gameKey);
    return own != null && own.info().deploymentVersion().equals(version);
  }

  /** New rooms wait until the active versions are known. */
  void setLoader(Function<Version, Optional<Game>> loader) {
    this.loader = loader;
    known = new CountDownLatch(1);
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

  /**
   * Names the active versions before they are loaded. Where another one was active before, it stays
   * until then.
   *
   * @param versions by game
   */
  void announce(Map<String, String> versions) {
    var announced = new HashMap<String, Active>();
    versions.forEach(
        (gameKey, version) ->
            announced.put(gameKey, active.getOrDefault(gameKey, new Active(version, null))));
    active = Map.copyOf(announced);
    known.countDown();
  }

  /** From now on new rooms start on these versions, or on none if they are not loaded. */
  void setActive(Map<String, Active> games) {
    active = Map.copyOf(games);
  }
}
