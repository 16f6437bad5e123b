package dev.rookery.match;

import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The static files of versions of games as rows, their contents in parts as Base64. */
final class GameFileStore {
  private static final int PART_BYTES = 384 << 10;

  private final Database database;

  GameFileStore(Database database) {
    this.database = database;
  }

  static void insert(Transaction tx, String gameKey, String version, GameFile file) {
    byte[] content = file.content();
    tx.run(
        """
        INSERT INTO game_file (game_key, version, path, digest, bytes) VALUES ($1, $2, $3, $4, $5)
        """,
        gameKey,
        version,
        file.path(),
        GameFiles.digest(content),
        (long) content.length);
    for (int from = 0, part = 0; from < content.length; from += PART_BYTES, part++) {
      byte[] bytes = new byte[Math.min(PART_BYTES, content.length - from)];
      System.arraycopy(content, from, bytes, 0, bytes.length);
      tx.run(
          """
          INSERT INTO game_file_part (game_key, version, path, part, content)
          VALUES ($1, $2, $3, $4, $5)
          """,
          gameKey,
          version,
          file.path(),
          (long) part,
          Base64.getEncoder().encodeToString(bytes));
    }
  }

  static void delete(Transaction tx, String gameKey, String version) {
    tx.run("DELETE FROM game_file_part WHERE game_key = $1 AND version = $2", gameKey, version);
    tx.run("DELETE FROM game_file WHERE game_key = $1 AND version = $2", gameKey, version);
  }

  /** The digests of the files of a version, by path. */
  Map<String, String> digests(String gameKey, String version) {
    var digests = new HashMap<String, String>();
    database
        .read(
            "SELECT path, digest FROM game_file WHERE game_key = $1 AND version = $2",
            gameKey,
            version)
        .all(row -> Map.entry(row.text("path"), row.text("digest")))
        .forEach(file -> digests.put(file.getKey(), file.getValue()));
    return digests;
  }

  /** The content of a file; empty if it is not stored as it was. */
  Optional<byte[]> content(String gameKey, String version, String path, String digest) {
    List<String> parts =
        database
            .read(
                """
                SELECT content FROM game_file_part
                WHERE game_key = $1 AND version = $2 AND path = $3 ORDER BY part
                """,
                gameKey,
                version,
                path)
            .all(row -> row.text("content"));
    var bytes = new ByteArrayOutputStream();
    parts.forEach(part -> bytes.writeBytes(Base64.getDecoder().decode(part)));
    byte[] content = bytes.toByteArray();
    return GameFiles.digest(content).equals(digest) ? Optional.of(content) : Optional.empty();
  }
}
