package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Deployed versions of games as rows. */
final class GameStore {
  static final int VERSIONS_MAX = 20;
  static final int GAMES_MAX = 50;

  // Two nodes may insert or activate versions of the same game at the same moment.
  private static final int TRIES_MAX = 20;

  private static final int PART_CHARS = 256 << 10;

  /** A node opens rooms on a version for less time than this after another one became active. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private static final String ALL =
      """
      SELECT game_key, version, schema_version, digest, files_digest, active, created_ms
      FROM game_version
      ORDER BY game_key, created_ms DESC, version
      """;

  private static final String INSERT =
      """
      INSERT INTO game_version
        (game_key, version, schema_version, digest, files_digest, active, created_ms, changed_ms)
      VALUES ($1, $2, $3, $4, $5, 0, $6, $6)
      """;

  private static final String IN_USE =
      """
      SELECT room_id FROM match_room
      WHERE game_key = $1 AND game_version = $2 AND phase <> 'closed' LIMIT 1
      """;

  private final Database database;

  GameStore(Database database) {
    this.database = database;
  }

  List<GameVersion> all() {
    return database.read(ALL).all(GameStore::version);
  }

  private static GameVersion version(Row row) {
    return new GameVersion(
        row.text("game_key"),
        row.text("version"),
        row.text("schema_version"),
        row.text("digest"),
        row.textOrNull("files_digest"),
        row.number("active") == 1,
        row.number("created_ms"));
  }

  Optional<GameVersion> find(String gameKey, String version) {
    return all().stream()
        .filter(each -> each.gameKey().equals(gameKey) && each.version().equals(version))
        .findFirst();
  }

  /** Whether there are rooms of a version that are not closed. */
  boolean isInUse(String gameKey, String version) {
    return database.read(IN_USE, gameKey, version).first(row -> row.text("room_id")).isPresent();
  }

  String script(GameVersion of) {
    return String.join(
        "",
        database
            .read(
                """
                SELECT content FROM game_script WHERE game_key = $1 AND version = $2 ORDER BY part
                """,
                of.gameKey(),
                of.version())
            .all(row -> row.text("content")));
  }

  /** Stores a version, unless it is stored, and makes it active. */
  void deploy(GameVersion added, String script, List<GameFile> files) {
    database.writeRetryingDuplicates(
        TRIES_MAX,
        tx -> {
          List<GameVersion> present = tx.run(ALL).all(GameStore::version);
          Optional<GameVersion> same =
              present.stream()
                  .filter(
                      each ->
                          each.gameKey().equals(added.gameKey())
                              && each.version().equals(added.version()))
                  .findFirst();
          if (same.isPresent() && !same.get().hasContentOf(added)) {
            throw Refused.conflict("version_exists");
          }
          if (same.isEmpty()) {
            requireSpace(present, added.gameKey());
            insert(tx, added, script);
            // A node of a release without static files may have deleted the version.
            GameFileStore.delete(tx, added.gameKey(), added.version());
            files.forEach(file -> GameFileStore.insert(tx, added.gameKey(), added.version(), file));
          }
          activate(tx, added.gameKey(), added.version());
          return true;
        });
  }

  private static void requireSpace(List<GameVersion> present, String gameKey) {
    long versions = present.stream().filter(each -> each.gameKey().equals(gameKey)).count();
    if (versions >= VERSIONS_MAX) {
      throw Refused.conflict("too_many_versions");
    }
    long games = present.stream().map(GameVersion::gameKey).distinct().count();
    if (versions == 0 && games >= GAMES_MAX) {
      throw Refused.conflict("too_many_games");
    }
  }

  private static void insert(Transaction tx, GameVersion added, String script) {
    tx.run(
        INSERT,
        added.gameKey(),
        added.version(),
        added.schemaVersion(),
        added.digest(),
        added.filesDigest(),
        tx.now().toEpochMilli());
    for (int from = 0, part = 0; from < script.length(); part++) {
      int to = Math.min(script.length(), from + PART_CHARS);
      if (to < script.length() && Character.isHighSurrogate(script.charAt(to - 1))) {
        to--;
      }
      tx.run(
          "INSERT INTO game_script (game_key, version, part, content) VALUES ($1, $2, $3, $4)",
          added.gameKey(),
          added.version(),
          (long) part,
          script.substring(from, to));
      from = to;
    }
  }

  private static boolean activate(Transaction tx, String gameKey, String version) {
    deactivateOthers(tx, gameKey, version);
    return !tx.run(
            """
            UPDATE game_version SET active = 1, changed_ms = $1
            WHERE game_key = $2 AND version = $3 RETURNING version
            """,
            tx.now().toEpochMilli(),
            gameKey,
            version)
        .isEmpty();
  }

  private static void deactivateOthers(Transaction tx, String gameKey, String version) {
    tx.run(
        """
        UPDATE game_version SET active = 0, changed_ms = $1
        WHERE game_key = $2 AND active = 1 AND version <> $3 RETURNING version
        """,
        tx.now().toEpochMilli(),
        gameKey,
        version);
  }

  /**
   * Makes a stored version active.
   *
   * @throws Refused {@code not_found} if there is none; then nothing changes
   */
  void activate(String gameKey, String version) {
    database.writeRetryingDuplicates(
        TRIES_MAX,
        tx -> {
          if (!activate(tx, gameKey, version)) {
            throw Refused.missing("not_found");
          }
          return true;
        });
  }

  /** Makes no stored version active, so that the one of the server is. */
  void deactivate(String gameKey) {
    database.write(
        tx -> {
          deactivateOthers(tx, gameKey, "");
          return true;
        });
  }

  void remove(String gameKey, String version) {
    GameVersion found = find(gameKey, version).orElseThrow(() -> Refused.missing("not_found"));
    if (found.active()) {
      throw Refused.conflict("version_active");
    }
    database.write(
        tx -> {
          boolean deleted =
              tx.run(IN_USE, gameKey, version).isEmpty()
                  && !tx.run(
                          """
                          DELETE FROM game_version
                          WHERE game_key = $1 AND version = $2 AND active = 0 AND changed_ms < $3
                          RETURNING version
                          """,
                          gameKey,
                          version,
                          tx.now().minus(SETTLED).toEpochMilli())
                      .isEmpty();
          if (!deleted) {
            throw Refused.conflict("version_in_use");
          }
          tx.run("DELETE FROM game_script WHERE game_key = $1 AND version = $2", gameKey, version);
          GameFileStore.delete(tx, gameKey, version);
          return true;
        });
  }
}
