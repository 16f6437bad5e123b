package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;

/** Finds and replaces device ids, and digests with other keys than the current one. */
final class DeviceStore {
  private static final String FIND_BY_ID =
      "SELECT id FROM player WHERE device_id = $1 AND id <> $2";

  private static final String FIND_BY_DIGEST =
      "SELECT id FROM player WHERE device_digest = $1 AND id <> $2";

  // In the order of the index, so that each batch reads only what it replaces.
  private static final String FIND_STORED_IDS =
      """
      SELECT id, device_id FROM player WHERE device_id IS NOT NULL ORDER BY device_id LIMIT $1
      """;

  private static final String REPLACE_ID =
      """
      UPDATE player SET device_digest = $1, device_hint = $2, device_id = $3
      WHERE id = $4 AND NOT EXISTS (
        SELECT 1 FROM player AS other WHERE other.device_digest = $1 AND other.id <> $4)
      RETURNING id
      """;

  private static final String DROP_ID = "UPDATE player SET device_id = NULL WHERE id = $1";

  /** A device id as earlier releases stored it. */
  record StoredId(PlayerId player, String deviceId) {}

  /** Whether another player has the device, by its id or by its digest with another key. */
  boolean isOfOther(Reader reader, Device device, long player) {
    return !reader.read(FIND_BY_ID, device.id(), player).isEmpty()
        || device.otherDigests().stream()
            .anyMatch(digest -> !reader.read(FIND_BY_DIGEST, digest, player).isEmpty());
  }

  List<StoredId> findStoredIds(Transaction tx) {
    return tx.run(FIND_STORED_IDS, (long) Placeholders.MANY_MAX)
        .all(row -> new StoredId(new PlayerId(row.number("id")), row.text("device_id")));
  }

  /** Stores the digest in place of the id; false if another player has the digest. */
  boolean replaceId(Transaction tx, StoredId stored, Device device) {
    return !tx.run(
            REPLACE_ID, device.digest(), device.hint(), device.storedId(), stored.player().value())
        .isEmpty();
  }

  void dropId(Transaction tx, StoredId stored) {
    tx.run(DROP_ID, stored.player().value());
  }
}
