package dev.rookery.script;

import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stored scripts as rows. */
final class ScriptStore {
  static final int SCRIPTS_MAX = 1_000;
  private static final long VERSIONS_MAX = 10;

  private static final String ALL =
      "SELECT name, version, sha1, source, changed_ms FROM lua_script ORDER BY name";

  private static final String FIND =
      "SELECT name, version, sha1, source, changed_ms FROM lua_script WHERE name = $1";

  private static final String SAVE =
      """
      INSERT INTO lua_script (name, version, sha1, source, changed_ms) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (name) DO UPDATE SET version = $2, sha1 = $3, source = $4, changed_ms = $5
      """;

  private static final String INSERT_VERSION =
      """
      INSERT INTO lua_script_version (name, version, sha1, source, content, created_ms)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;

  private static final String CONTENT =
      "SELECT content FROM lua_script_version WHERE name = $1 AND version = $2";

  private static final String VERSIONS =
      """
      SELECT version, sha1, source, created_ms FROM lua_script_version WHERE name = $1
      ORDER BY version DESC LIMIT $2
      """;

  private static final String LAST_OF_SOURCE =
      """
      SELECT sha1 FROM lua_script_version WHERE name = $1 AND source = $2
      ORDER BY version DESC LIMIT 1
      """;

  private static final String EARLIER =
      """
      SELECT content, sha1 FROM lua_script_version WHERE name = $1 AND version < $2 AND sha1 <> $3
      ORDER BY version DESC LIMIT 1
      """;

  private final Database database;

  ScriptStore(Database database) {
    this.database = database;
  }

  /** A stored script, without its text. */
  record Stored(String name, long version, String sha1, String source, long changedMs) {}

  List<Stored> all() {
    return database.read(ALL).all(ScriptStore::stored);
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.text("name"),
        row.number("version"),
        row.text("sha1"),
        row.text("source"),
        row.number("changed_ms"));
  }

  Optional<Stored> find(String name) {
    return database.read(FIND, name).first(ScriptStore::stored);
  }

  /** Empty if another version has taken its place. */
  Optional<String> content(Stored of) {
    return database.read(CONTENT, of.name(), of.version()).first(row -> row.text("content"));
  }

  Optional<String> content(String name, long version) {
    return database.read(CONTENT, name, version).first(row -> row.text("content"));
  }

  /** The last versions of a script, newest first. */
  List<ScriptCommand.Version> versions(String name) {
    return database
        .read(VERSIONS, name, VERSIONS_MAX)
        .all(
            row ->
                new ScriptCommand.Version(
                    row.number("version"),
                    row.text("sha1"),
                    row.text("source"),
                    row.number("created_ms")));
  }

  /** The digest of the version that came last from a source, whichever is used now. */
  Optional<String> lastOf(String name, String source) {
    return database.read(LAST_OF_SOURCE, name, source).first(row -> row.text("sha1"));
  }

  /**
   * Stores a version; the one in use if it is the same.
   *
   * @param expected the version that must be in use, 0 for none; null for any
   */
  Stored put(String name, String sha1, String source, String content, @Nullable Long expected) {
    try {
      return putVersion(name, sha1, source, content, expected);
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        // Somebody else has saved the same version at this moment.
        throw Refused.conflict("revision_conflict");
      }
      throw failed;
    }
  }

  private Stored putVersion(
      String name, String sha1, String source, String content, @Nullable Long expected) {
    return database.write(
        tx -> {
          Optional<Stored> before = tx.run(FIND, name).first(ScriptStore::stored);
          if (before.isPresent() && before.get().sha1().equals(sha1)) {
            return before.get();
          }
          Revisions.mustBe(expected, before.map(Stored::version).orElse(0L));
          if (before.isEmpty() && tx.run(ALL).size() >= SCRIPTS_MAX) {
            throw Refused.conflict("too_many_scripts");
          }
          return save(tx, name, before.map(Stored::version).orElse(0L) + 1, sha1, source, content);
        });
  }

  private static Stored save(
      Transaction tx, String name, long version, String sha1, String source, String content) {
    long now = tx.now().toEpochMilli();
    tx.run(INSERT_VERSION, name, version, sha1, source, content, now);
    tx.run(SAVE, name, version, sha1, source, now);
    tx.run(
        "DELETE FROM lua_script_version WHERE name = $1 AND version <= $2",
        name,
        version - VERSIONS_MAX);
    return new Stored(name, version, sha1, source, now);
  }

  Stored rollBack(String name, String source) {
    return database.write(
        tx -> {
          Stored current =
              tx.run(FIND, name)
                  .first(ScriptStore::stored)
                  .orElseThrow(() -> Refused.missing("not_found"));
          Earlier earlier =
              tx.run(EARLIER, name, current.version(), current.sha1())
                  .first(row -> new Earlier(row.text("sha1"), row.text("content")))
                  .orElseThrow(() -> Refused.conflict("no_earlier_version"));
          return save(tx, name, current.version() + 1, earlier.sha1, source, earlier.content);
        });
  }

  private record Earlier(String sha1, String content) {}

  /**
   * Deletes a script with its versions.
   *
   * @throws Refused {@code not_found} if there is none
   */
  void remove(String name) {
    database.write(
        tx -> {
          tx.run("DELETE FROM lua_script_version WHERE name = $1", name);
          if (tx.run("DELETE FROM lua_script WHERE name = $1 RETURNING name", name).isEmpty()) {
            throw Refused.missing("not_found");
          }
          return name;
        });
  }
}
