package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Optional;

/** The time zones that players have chosen, as a column of their rows. */
final class TimeZoneStore {
  private static final String FIND = "SELECT time_zone FROM player WHERE id = $1";

  private static final String CHOOSE =
      "UPDATE player SET time_zone = $1, updated_ms = $2 WHERE id = $3 RETURNING time_zone";

  /** Empty if there is no such player; an empty text if they have not chosen. */
  Optional<String> find(Reader reader, PlayerId player) {
    return reader.read(FIND, player.value()).first(row -> row.text("time_zone"));
  }

  /** Empty if there is no such player. */
  Optional<String> choose(Transaction tx, PlayerId player, String timeZone) {
    return tx.run(CHOOSE, timeZone, tx.now().toEpochMilli(), player.value())
        .first(row -> row.text("time_zone"));
  }
}
