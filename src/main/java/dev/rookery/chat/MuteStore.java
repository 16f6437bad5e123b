package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mutes as rows. */
final class MuteStore {
  private static final String SELECT =
      "SELECT player_id, admin_id, reason, until_ms, created_ms FROM chat_mute ";

  private static final String PUT =
      """
      INSERT INTO chat_mute (player_id, admin_id, reason, until_ms, created_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (player_id) DO UPDATE SET admin_id = excluded.admin_id,
        reason = excluded.reason, until_ms = excluded.until_ms, created_ms = excluded.created_ms
      """;

  /**
   * Returns SQL that is true if a player is not muted, for statements that write messages: so the
   * mute of a sender costs no statement of its own.
   *
   * @param player the expression of the player's id
   * @param now the expression of the time
   */
  static String isNotMuted(String player, String now) {
    return """
    NOT EXISTS (SELECT 1 FROM chat_mute
      WHERE chat_mute.player_id = %s AND chat_mute.until_ms > %s)\
    """
        .formatted(player, now);
  }

  void put(Transaction tx, ChatMute mute) {
    tx.run(
        PUT,
        mute.player().value(),
        mute.admin().value(),
        mute.reason(),
        mute.untilMs(),
        mute.createdMs());
  }

  /** False if the player was not muted. */
  boolean remove(Transaction tx, PlayerId player) {
    return !tx.run("DELETE FROM chat_mute WHERE player_id = $1 RETURNING player_id", player.value())
        .isEmpty();
  }

  Optional<ChatMute> find(Reader reader, PlayerId player, long nowMs) {
    return reader
        .read(SELECT + "WHERE player_id = $1 AND until_ms > $2", player.value(), nowMs)
        .first(MuteStore::mute);
  }

  List<ChatMute> list(Reader reader, @Nullable PlayerId after, long nowMs, int max) {
    return reader
        .read(
            SELECT + "WHERE player_id > $1 AND until_ms > $2 ORDER BY player_id LIMIT $3",
            after == null ? 0L : after.value(),
            nowMs,
            (long) max)
        .all(MuteStore::mute);
  }

  /** Removes those that have ended; returns how many. */
  long removeEnded(Transaction tx) {
    return tx.run(
            "DELETE FROM chat_mute WHERE until_ms <= $1 RETURNING player_id",
            tx.now().toEpochMilli())
        .size();
  }

  /** Without the reason, which is for admins. */
  Export.Part export(Reader reader, Export asked) {
    return Export.Part.whole(
        reader
            .read(SELECT + "WHERE player_id = $1", asked.player().value())
            .all(MuteStore::mute)
            .stream()
            .map(
                mute ->
                    JsonObject.of(
                        "since",
                        Export.time(mute.createdMs()),
                        "until",
                        mute.untilMs() == ChatMute.FOR_EVER ? "" : Export.time(mute.untilMs())))
            .toList());
  }

  private static ChatMute mute(Row row) {
    return new ChatMute(
        new PlayerId(row.number("player_id")),
        new PlayerId(row.number("admin_id")),
        row.text("reason"),
        row.number("until_ms"),
        row.number("created_ms"));
  }
}
