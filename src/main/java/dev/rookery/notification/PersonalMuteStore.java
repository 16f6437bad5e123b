package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mutes of players for themselves, as rows. */
final class PersonalMuteStore {
  private static final String GROUP_OF_NOTICE =
      """
      CASE WHEN CAST(column7 AS INTEGER) = %d
        THEN CAST(NULLIF(SUBSTR(column8, LENGTH('group:') + 1), '') AS BIGINT) END\
      """
          .formatted(NotificationKind.GROUP_NOTICE.code());

  /**
   * An SQL condition on a notification that is about to be written, with the columns and the time
   * of that statement: a player writes it whom the recipient has muted, or to a group that the
   * recipient has muted.
   */
  static final String OF_DRAFT =
      """
      (CAST(column7 AS INTEGER) IN (%d, %d) AND %s)
      OR (CAST(column7 AS INTEGER) = %2$d AND %s)\
      """
          .formatted(
              NotificationKind.CUSTOM.code(),
              NotificationKind.GROUP_NOTICE.code(),
              PersonalMutes.isMuted(
                  "CAST(column2 AS BIGINT)",
                  "CAST(column1 AS BIGINT)",
                  "CAST($1 AS BIGINT)",
                  Kind.PLAYER),
              PersonalMutes.isMuted(
                  "CAST(column2 AS BIGINT)", GROUP_OF_NOTICE, "CAST($1 AS BIGINT)", Kind.GROUP));

  private static final String PUT =
      """
      INSERT INTO personal_mute (player_id, kind, ref, until_ms, created_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (player_id, kind, ref) DO UPDATE SET until_ms = $4
      """;

  private static final String REMOVE =
      """
      DELETE FROM personal_mute WHERE player_id = $1 AND kind = $2 AND ref = $3 RETURNING ref
      """;

  private static final String COUNT_OTHERS =
      """
      SELECT COUNT(*) AS total FROM personal_mute
      WHERE player_id = $1 AND NOT (kind = $2 AND ref = $3)
      """;

  private static final String REMOVE_ENDED_OF =
      "DELETE FROM personal_mute WHERE player_id = $1 AND until_ms <= $2 RETURNING ref";

  private static final String LIST =
      """
      SELECT kind, ref, until_ms, created_ms,
        CASE WHEN kind IN ('player', 'direct') THEN %s ELSE '' END AS name
      FROM personal_mute WHERE player_id = $1 AND until_ms > $2
      ORDER BY created_ms DESC, kind, ref LIMIT $3
      """
          .formatted(Players.nameOf("personal_mute.ref"));

  private static final String AMONG =
      "SELECT player_id, kind, ref FROM personal_mute WHERE until_ms > $1 AND player_id IN (%s)";

  private static final String REMOVE_ENDED =
      """
      DELETE FROM personal_mute WHERE (player_id, kind, ref) IN (
        SELECT player_id, kind, ref FROM personal_mute WHERE until_ms <= $1
        ORDER BY until_ms LIMIT $2)
      RETURNING ref
      """;

  private static final List<String> FORGET =
      List.of(
          """
          DELETE FROM personal_mute WHERE (player_id, kind, ref) IN (
            SELECT player_id, kind, ref FROM personal_mute WHERE player_id = $1 LIMIT $2)
          RETURNING ref
          """,
          """
          DELETE FROM personal_mute WHERE (player_id, kind, ref) IN (
            SELECT player_id, kind, ref FROM personal_mute
            WHERE kind IN ('player', 'direct') AND ref = $1 LIMIT $2)
          RETURNING ref
          """);

  private final StatementTexts texts = new StatementTexts();

  void put(Transaction tx, PlayerId player, Subject subject, long untilMs) {
    tx.run(
        PUT, player.value(), subject.kind().text(), subject.id(), untilMs, tx.now().toEpochMilli());
  }

  boolean remove(Transaction tx, PlayerId player, Subject subject) {
    return !tx.run(REMOVE, player.value(), subject.kind().text(), subject.id()).isEmpty();
  }

  long countOthers(Reader reader, PlayerId player, Subject subject) {
    return reader
        .read(COUNT_OTHERS, player.value(), subject.kind().text(), subject.id())
        .row(0)
        .number("total");
  }

  List<PersonalMute> list(Reader reader, PlayerId player, long nowMs) {
    return reader
        .read(LIST, player.value(), nowMs, (long) PersonalMutes.MUTES_MAX)
        .all(
            row ->
                new PersonalMute(
                    subject(row),
                    row.text("name"),
                    row.number("until_ms"),
                    row.number("created_ms")));
  }

  Map<PlayerId, Set<Subject>> among(Transaction tx, Collection<PlayerId> players) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = tx.now().toEpochMilli();
    String text = texts.of("", players.size(), size -> AMONG.formatted(Placeholders.list(2, size)));
    var found = new HashMap<PlayerId, Set<Subject>>();
    tx.read(text, values)
        .all(row -> row)
        .forEach(
            row ->
                found
                    .computeIfAbsent(new PlayerId(row.number("player_id")), _ -> new HashSet<>())
                    .add(subject(row)));
    return found;
  }

  void removeEnded(Transaction tx, PlayerId player) {
    tx.run(REMOVE_ENDED_OF, player.value(), tx.now().toEpochMilli());
  }

  int removeEnded(Transaction tx) {
    return tx.run(REMOVE_ENDED, tx.now().toEpochMilli(), (long) PersonalMutes.REMOVED_MAX).size();
  }

  /** Removes some of a player, and of others about them; whether there may be more. */
  boolean forget(Transaction tx, PlayerId player) {
    int max = PersonalMutes.REMOVED_MAX;
    boolean more = false;
    for (String statement : FORGET) {
      more |= tx.run(statement, player.value(), (long) max).size() == max;
    }
    return more;
  }

  Export.Part export(Reader reader, Export asked) {
    return Export.Part.whole(
        list(reader, asked.player(), 0).stream()
            .map(
                mute ->
                    JsonObject.of(
                        "kind",
                        mute.subject().kind().text(),
                        "id",
                        mute.subject().id(),
                        "since",
                        Export.time(mute.createdMs()),
                        "until",
                        mute.untilMs() == PersonalMute.FOR_EVER ? "" : Export.time(mute.untilMs())))
            .toList());
  }

  private static Subject subject(Row row) {
    return new Subject(Kind.of(row.text("kind")), row.number("ref"));
  }
}
