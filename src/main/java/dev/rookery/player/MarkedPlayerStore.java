package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.time.InstantSource;
import java.util.List;

/** Creates and counts players with a {@link PlayerMark}. */
final class MarkedPlayerStore {
  private static final String CREATE =
      """
      INSERT INTO player (uuid, display_name, name_key, mark, last_seen_ms, created_ms, updated_ms)
      SELECT column1, column2, column3, CAST($1 AS TEXT),
        CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT)
      FROM %s
      WHERE column1 IS NOT NULL
      RETURNING
      """
          + CredentialStore.IDENTITY;

  // Two that create at the same time would both count what the other one has not committed yet.
  private static final String LOCK = "SELECT one FROM first_player";

  private static final String COUNT = "SELECT COUNT(*) AS total FROM player WHERE mark = $1";

  private static final String IS_MARKED =
      """
      SELECT id FROM player WHERE id = $1 AND mark = $2
        AND COALESCE(email, password_hash, device_digest, device_id, google_id, facebook_id,
          discord_id, apple_id, steam_id, openid_id) IS NULL
      """;

  private static final String HAS_MARK = "SELECT id FROM player WHERE id = $1 AND mark IS NOT NULL";

  private final InstantSource clock;
  private final Ids ids;
  private final StatementTexts texts = new StatementTexts();

  MarkedPlayerStore(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** Returns how many there are, and lets no other transaction create one until this one ends. */
  long lockAndCount(Transaction tx, PlayerMark mark) {
    tx.run(LOCK + tx.dialect().forUpdate());
    return tx.run(COUNT, mark.text()).row(0).number("total");
  }

  List<Identity> create(Transaction tx, PlayerMark mark, List<String> displayNames) {
    var values = new ValuesTable(3);
    displayNames.forEach(name -> values.add(ids.uuid(), name, PlayerStore.nameKey(name)));
    return values
        .run(tx, texts, CREATE, mark.text(), clock.millis())
        .all(CredentialStore::identity);
  }

  /** False as well if somebody could sign in as the player. */
  boolean isMarked(Reader reader, PlayerId player, PlayerMark mark) {
    return !reader.read(IS_MARKED, player.value(), mark.text()).isEmpty();
  }

  /** Refuses a sign-in method for a player with a mark: {@code Denied("marked_player")}. */
  static void requireUnmarked(Reader reader, PlayerId player) {
    if (!reader.read(HAS_MARK, player.value()).isEmpty()) {
      throw Refused.denied("marked_player");
    }
  }
}
