package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The usernames that players chose, as columns of their rows. */
final class UsernameStore {
  private static final String FIND = "SELECT id, username FROM player WHERE id = $1";

  private static final String FIND_PLAYER = "SELECT id FROM player WHERE username_key = $1";

  private static final String CHANGE =
      """
      UPDATE player SET username = $1, username_key = $2, updated_ms = $3
      WHERE id = $4
      RETURNING id
      """;

  /** Empty if there is no such player; otherwise the username, or the one that was generated. */
  Optional<String> find(Reader reader, PlayerId player) {
    return reader
        .read(FIND, player.value())
        .first(
            row -> {
              String chosen = row.textOrNull("username");
              return chosen == null ? Usernames.generated(player) : chosen;
            });
  }

  /** The player who chose a username with that key. */
  Optional<PlayerId> findPlayer(Reader reader, String key) {
    return reader.read(FIND_PLAYER, key).first(row -> new PlayerId(row.number("id")));
  }

  /**
   * Fails as a duplicate if another player has it; false if there is no such player.
   *
   * @param username null for the one that was generated
   */
  boolean change(Transaction tx, PlayerId player, @Nullable String username, @Nullable String key) {
    return !tx.run(CHANGE, username, key, tx.now().toEpochMilli(), player.value()).isEmpty();
  }
}
