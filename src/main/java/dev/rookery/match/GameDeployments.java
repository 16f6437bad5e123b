package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.game.script.ScriptException;
import dev.rookery.game.script.ScriptGame;
import dev.rookery.match.Games.Active;
import dev.rookery.match.Games.Version;
import dev.rookery.store.Database;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link Games} to the rows of deployed versions. A version takes new rooms on a node when it
 * has been evaluated and warmed up there. Its calls block.
 */
final class GameDeployments {
  private static final Logger LOG = LoggerFactory.getLogger(GameDeployments.class);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  private final GameStore store;
  private final GameFileCache files;
  private final ScriptEngine engine;
  private final Games games;
  private final ReentrantLock following = new ReentrantLock();
  // Scripts that could not be loaded here, so that not every command tries it again.
  private final Map<Version, Broken> broken = new HashMap<>();

  private record Broken(String digest, ScriptException failure, long sinceNanos) {
    /** A node that was short of time or memory may be able to load it later. */
    boolean isRecent() {
      return System.nanoTime() - sinceNanos < RETRY_AFTER.toNanos();
    }
  }

  GameDeployments(Database database, ScriptEngine engine, Games games) {
    this.store = new GameStore(database);
    this.files = new GameFileCache(new GameFileStore(database));
    this.engine = engine;
    this.games = games;
    games.setLoader(this::find);
  }

  private Optional<Game> find(Version wanted) {
    return store.find(wanted.gameKey(), wanted.version()).map(this::load);
  }

  private Game load(GameVersion row) {
    following.lock();
    try {
      Game present = games.loaded().get(new Version(row.gameKey(), row.version()));
      if (present instanceof ScriptGame game && game.digest().equals(row.digest())) {
        return present;
      }
      Game game = evaluate(row);
      games.add(game);
      return game;
    } finally {
      following.unlock();
    }
  }

  private ScriptGame evaluate(GameVersion row) {
    var version = new Version(row.gameKey(), row.version());
    Broken before = broken.get(version);
    if (before != null && before.digest.equals(row.digest()) && before.isRecent()) {
      throw before.failure;
    }
    try {
      var game =
          ScriptGame.load(
              engine, row.gameKey(), row.version(), row.schemaVersion(), store.script(row));
      broken.remove(version);
      return game;
    } catch (ScriptException failure) {
      LOG.error(
          "version {} of the game {} cannot be loaded: {}",
          row.version(),
          row.gameKey(),
          failure.getMessage());
      broken.put(version, new Broken(row.digest(), failure, System.nanoTime()));
      throw failure;
    }
  }

  /** Loads what is active, forgets what is deleted. */
  void follow() {
    following.lock();
    try {
      List<GameVersion> rows = store.all();
      games.announce(
          rows.stream()
              .filter(GameVersion::active)
              .collect(Collectors.toMap(GameVersion::gameKey, GameVersion::version)));
      var present = new HashSet<Version>();
      var active = new HashMap<String, Active>();
      var withFiles = new HashMap<Version, String>();
      for (GameVersion row : rows) {
        var version = new Version(row.gameKey(), row.version());
        present.add(version);
        String digest = row.filesDigest();
        if (digest != null) {
          withFiles.put(version, digest);
        }
        if (row.active()) {
          active.put(row.gameKey(), new Active(row.version(), tryLoad(row)));
        }
      }
      files.setPresent(withFiles);
      games.setActive(active);
      games
          .loaded()
          .forEach(
              (version, game) -> {
                if (!present.contains(version)) {
                  games.forget(version);
                  if (game instanceof ScriptGame script) {
                    script.unload();
                  }
                }
              });
      broken.keySet().retainAll(present);
      for (Version replaced : games.extensions().replaced()) {
        if (!store.isInUse(replaced.gameKey(), replaced.version())) {
          games.extensions().forget(replaced);
        }
      }
    } finally {
      following.unlock();
    }
  }

  private @Nullable Game tryLoad(GameVersion row) {
    try {
      return load(row);
    } catch (ScriptException known) {
      LOG.debug("version {} of the game {} is left out", row.version(), row.gameKey(), known);
      return null;
    }
  }

  GameInfo deploy(GameCommand.Deploy command) {
    byte[] archive = command.archive();
    return deploy(command, archive == null ? List.of() : GameArchive.read(archive));
  }

  /** As the command says, but with these files. */
  GameInfo deploy(GameCommand.Deploy command, List<GameFile> staticFiles) {
    if (games.isBuiltin(command.gameKey(), command.version())) {
      throw Refused.conflict("version_exists");
    }
    ScriptGame game;
    try {
      game =
          ScriptGame.load(
              engine,
              command.gameKey(),
              command.version(),
              command.schemaVersion(),
              command.script());
    } catch (ScriptException unusable) {
      throw new Refused(
          new Refusal.Denied(
              "game_rejected", Map.of("message", String.valueOf(unusable.getMessage()))));
    }
    store.deploy(
        new GameVersion(
            command.gameKey(),
            command.version(),
            command.schemaVersion(),
            game.digest(),
            GameFiles.digest(staticFiles),
            true,
            0),
        command.script(),
        staticFiles);
    games.add(game);
    follow();
    return game.info();
  }

  /** Whether a version is stored. */
  boolean has(String gameKey, String version) {
    return store.find(gameKey, version).isPresent();
  }

  /** Makes space for a further version: deletes the oldest of those that may be. */
  void removeOldest(String gameKey, String prefix, int kept) {
    List<GameVersion> older =
        store.all().stream()
            .filter(each -> each.gameKey().equals(gameKey))
            .filter(each -> each.version().startsWith(prefix))
            .skip(kept)
            .toList();
    for (GameVersion each : older) {
      try {
        store.remove(gameKey, each.version());
      } catch (Refused inUse) {
        LOG.debug("version {} of the game {} is kept", each.version(), gameKey, inUse);
      }
    }
  }

  void activate(String gameKey, String version) {
    if (games.isBuiltin(gameKey, version)) {
      store.deactivate(gameKey);
    } else {
      store.activate(gameKey, version);
    }
    follow();
  }

  void remove(String gameKey, String version) {
    store.remove(gameKey, version);
    follow();
  }

  List<GameVersion> list() {
    return store.all();
  }

  List<PlayableGame> playable() {
    return games.active().stream()
        .map(game -> new PlayableGame(game.info(), files.hasPage(Version.of(game))))
        .toList();
  }

  /**
   * @param gameKey null for the default game
   * @param version null for the active one
   */
  Optional<StaticFile> readFile(@Nullable String gameKey, @Nullable String version, String path) {
    String key = gameKey == null ? games.standardKey() : gameKey;
    return Optional.ofNullable(version)
        .or(() -> games.activeVersion(key))
        .flatMap(wanted -> files.find(new Version(key, wanted), path));
  }
}
