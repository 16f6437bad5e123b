package dev.rookery.extensionhost;

import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Jars of extensions as rows: each under its digest, in parts. */
final class ExtensionJarStore {
  private static final int PART_BYTES = 384 << 10;

  /** How many jars that no node runs are kept, of all extensions together. */
  static final int IDLE_KEPT = 100;

  // The most recently deployed first.
  private static final String IDLE =
      """
      SELECT jar.digest AS digest FROM extension_jar AS jar
      WHERE jar.part = 0 AND NOT EXISTS (
        SELECT 1 FROM extension_deployment AS used
        WHERE used.digest = jar.digest AND used.state IN ('preparing', 'active'))
      ORDER BY COALESCE((
        SELECT MAX(used.id) FROM extension_deployment AS used WHERE used.digest = jar.digest), 0)
        DESC, jar.digest
      """;

  private final Database database;

  ExtensionJarStore(Database database) {
    this.database = database;
  }

  /** Stores a jar unless it is stored. */
  void save(String digest, byte[] jar) {
    if (has(digest)) {
      return;
    }
    for (int from = 0, part = 0; from < jar.length; from += PART_BYTES, part++) {
      byte[] bytes = new byte[Math.min(PART_BYTES, jar.length - from)];
      System.arraycopy(jar, from, bytes, 0, bytes.length);
      String content = Base64.getEncoder().encodeToString(bytes);
      int number = part;
      // Each by itself, so that a large jar does not hold up the writer of SQLite.
      database.write(
          tx ->
              tx.run(
                  """
                  INSERT INTO extension_jar (digest, part, content) VALUES ($1, $2, $3)
                  ON CONFLICT (digest, part) DO NOTHING
                  """,
                  digest,
                  number,
                  content));
    }
  }

  private boolean has(String digest) {
    return read(digest).filter(jar -> ExtensionJar.digest(jar).equals(digest)).isPresent();
  }

  /** Empty if it is not stored, or not any more. */
  Optional<byte[]> read(String digest) {
    var bytes = new ByteArrayOutputStream();
    for (int part = 0; ; part++) {
      Optional<String> content =
          database
              .read(
                  "SELECT content FROM extension_jar WHERE digest = $1 AND part = $2", digest, part)
              .first(row -> row.text("content"));
      if (content.isEmpty()) {
        return part == 0 ? Optional.empty() : Optional.of(bytes.toByteArray());
      }
      bytes.writeBytes(Base64.getDecoder().decode(content.get()));
    }
  }

  /**
   * Deletes jars of an extension that no extension can be rolled back to, and the least recently
   * deployed jars beyond {@link #IDLE_KEPT}; not those whose games rooms may play.
   *
   * @param ofExtension the digests of its jars
   * @param usable whether an extension can be rolled back to the jar of a digest
   */
  static void prune(Transaction tx, Set<String> ofExtension, Predicate<String> usable) {
    int kept = 0;
    for (String digest : tx.run(IDLE).all(row -> row.text("digest"))) {
      // The jar of another extension without a deployment may be of one that is about to begin.
      boolean needed = !ofExtension.contains(digest) || usable.test(digest);
      if (needed && kept < IDLE_KEPT) {
        kept++;
      } else if (!ExtensionGameStore.isPlayed(tx, digest)) {
        tx.run("DELETE FROM extension_jar WHERE digest = $1", digest);
      }
    }
  }
}
