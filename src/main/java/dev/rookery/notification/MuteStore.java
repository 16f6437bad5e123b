package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** The kinds of notifications that players have switched off, as rows. */
final class MuteStore {
  private static final String LIST =
      "SELECT code FROM notification_mute WHERE player_id = $1 ORDER BY code";

  private static final String INSERT =
      "INSERT INTO notification_mute (player_id, code) VALUES ($1, $2)";

  private static final String FORGET = "DELETE FROM notification_mute WHERE player_id = $1";

  List<NotificationKind> list(Reader reader, PlayerId player) {
    return reader
        .read(LIST, player.value())
        .all(row -> NotificationKind.ofCode((int) row.number("code")));
  }

  /** The row of the player must be locked, so that two changes do not mix. */
  void replace(Transaction tx, PlayerId player, List<NotificationKind> kinds) {
    forget(tx, player);
    kinds.forEach(kind -> tx.run(INSERT, player.value(), (long) kind.code()));
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  Export.Part export(Reader reader, Export export) {
    return Export.Part.whole(
        list(reader, export.player()).stream()
            .map(kind -> JsonObject.of("kind", kind.name().toLowerCase(Locale.ROOT)))
            .toList());
  }
}
