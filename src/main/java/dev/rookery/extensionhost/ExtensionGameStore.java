package dev.rookery.extensionhost;

import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.game.StoredGames;
import dev.rookery.game.StoredGames.StoredGame;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which jars have the versions of games that rooms may have begun with, as rows. */
final class ExtensionGameStore {
  /** A node starts rooms on a version for less time than this after another one became active. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final String ACTIVATE =
      """
      INSERT INTO extension_game (game_key, game_version, extension, digest, created_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (game_key, game_version) DO UPDATE SET replaced_ms = NULL
      """;

  private static final String REPLACE =
      """
      UPDATE extension_game SET replaced_ms = $1
      WHERE extension = $2 AND digest <> $3 AND replaced_ms IS NULL
      """;

  private static final String PRUNE =
      """
      DELETE FROM extension_game WHERE game_key = $1 AND game_version IN (
        SELECT game_version FROM extension_game WHERE game_key = $1 AND replaced_ms IS NOT NULL
        ORDER BY replaced_ms DESC, game_version LIMIT 1000 OFFSET $2)
      """;

  private static final String FIND =
      """
      SELECT extension, digest FROM extension_game WHERE game_key = $1 AND game_version = $2
      """;

  private static final String REPLACED =
      """
      SELECT game_key, game_version FROM extension_game WHERE replaced_ms < $1
      ORDER BY game_key, game_version
      """;

  private static final String FORGET =
      """
      DELETE FROM extension_game
      WHERE game_key = $1 AND game_version = $2 AND replaced_ms IS NOT NULL
      """;

  private final Database database;
  private final InstantSource clock;

  /** A jar that has a version of a game. */
  record GameJar(String extension, String digest) {}

  ExtensionGameStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Rooms start on these games from now on, and on no other games of their extension. */
  void activated(String extension, String digest, List<Game> games) {
    database.write(
        tx -> {
          long now = tx.now().toEpochMilli();
          for (Game game : games) {
            GameInfo info = game.info();
            tx.run(ACTIVATE, info.gameKey(), info.deploymentVersion(), extension, digest, now);
          }
          tx.run(REPLACE, now, extension, digest);
          for (Game game : games) {
            tx.run(PRUNE, game.info().gameKey(), (long) StoredGames.REPLACED_MAX);
          }
          return true;
        });
  }

  /** An extension was removed. */
  static void removed(Transaction tx, String extension) {
    tx.run(REPLACE, tx.now().toEpochMilli(), extension, "");
  }

  Optional<GameJar> find(String gameKey, String version) {
    return database
        .read(FIND, gameKey, version)
        .first(row -> new GameJar(row.text("extension"), row.text("digest")));
  }

  /** The versions that were replaced a while ago. */
  List<StoredGame> replaced() {
    return database
        .read(REPLACED, clock.instant().minus(SETTLED).toEpochMilli())
        .all(row -> new StoredGame(row.text("game_key"), row.text("game_version")));
  }

  void forget(StoredGame game) {
    database.write(tx -> tx.run(FORGET, game.gameKey(), game.version()));
  }

  /** Whether a jar has a version that rooms may have begun with. */
  static boolean isPlayed(Transaction tx, String digest) {
    return !tx.run("SELECT game_key FROM extension_game WHERE digest = $1 LIMIT 1", digest)
        .isEmpty();
  }
}
