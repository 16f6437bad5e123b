package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyQuery.Sighting;
import dev.rookery.store.Outbox;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lobbies with teams have beside, as columns of their rows. */
final class TeamStore {
  private static final String INSERT =
      """
      INSERT INTO lobby (title, title_key, host_id, hostless, seats_max, hidden, locked, metadata,
        slowdown_s, members, revision, created_ms, code, roster)
      VALUES ($1, $2, $3, 0, $4, $5, 0, '{}', 0, 1, 1, $6, $7, $8)
      ON CONFLICT DO NOTHING
      RETURNING
      """
          + LobbyStore.COLUMNS;

  // A host who is not named stays.
  private static final String SAVE =
      """
      UPDATE lobby SET roster = $1, host_id = COALESCE(CAST($2 AS BIGINT), host_id),
        revision = revision + 1
      WHERE id = $3
      RETURNING
      """
          + LobbyStore.COLUMNS;

  private static final String ADOPT =
      """
      UPDATE lobby SET roster = $1, code = $2, revision = revision + 1 WHERE id = $3
      RETURNING
      """
          + LobbyStore.COLUMNS;

  private static final String TAKEN = "SELECT id FROM lobby WHERE code = $1 AND closed_ms IS NULL";

  private static final String CLOSE =
      """
      UPDATE lobby SET closed_ms = $1, members = 0, host_id = NULL, revision = revision + 1
      WHERE id = $2
      """;

  private static final String SIGHT =
      "SELECT "
          + LobbyStore.COLUMNS
          + ", "
          + Outbox.headColumns("'lobby:' || lobby.id")
          + " FROM lobby WHERE closed_ms IS NULL AND ";

  private static final String OPEN =
      "SELECT " + LobbyStore.COLUMNS + " FROM lobby WHERE closed_ms IS NULL AND id IN (%s)";

  private static final String BY_IDS = SIGHT + "id IN (%s)";
  private static final String BY_CODES = SIGHT + "code IN (%s)";

  private static final String NEWEST =
      "SELECT "
          + LobbyStore.COLUMNS
          + " FROM lobby WHERE closed_ms IS NULL AND hidden = 0 ORDER BY id DESC LIMIT $1";

  private final StatementTexts texts = new StatementTexts();

  /** Empty if another open lobby has the code. */
  Optional<Lobby> insert(Transaction tx, Draft draft, PlayerId host, int code, Roster roster) {
    return tx.run(
            INSERT,
            draft.title(),
            LobbyStore.key(draft.title()),
            host.value(),
            draft.seatsMax(),
            draft.hidden() ? 1 : 0,
            tx.now().toEpochMilli(),
            code,
            RosterJson.write(roster))
        .first(LobbyStore::lobby);
  }

  /**
   * The caller holds the lobby.
   *
   * @param host null to leave it as it is
   */
  Lobby save(Transaction tx, LobbyId id, Roster roster, @Nullable PlayerId host) {
    return tx.run(SAVE, RosterJson.write(roster), host == null ? null : host.value(), id.value())
        .first(LobbyStore::lobby)
        .orElseThrow();
  }

  /** The caller holds the lobby. Fails as a duplicate if another took the code at this moment. */
  Lobby adopt(Transaction tx, LobbyId id, Roster roster, int code) {
    return tx.run(ADOPT, RosterJson.write(roster), code, id.value())
        .first(LobbyStore::lobby)
        .orElseThrow();
  }

  boolean isTaken(Reader reader, int code) {
    return !reader.read(TAKEN, code).isEmpty();
  }

  /** The caller holds the lobby and sees to its players. */
  void close(Transaction tx, LobbyId id) {
    tx.run(CLOSE, tx.now().toEpochMilli(), id.value());
  }

  /** Those that are open, of at most {@link Placeholders#MANY_MAX}. */
  List<Lobby> open(Reader reader, Collection<LobbyId> ids) {
    String sql = texts.of("open", ids.size(), size -> OPEN.formatted(Placeholders.list(1, size)));
    return reader.read(sql, Placeholders.values(0, ids, LobbyId::value)).all(LobbyStore::lobby);
  }

  /** As {@link #open}, with the places of their streams. */
  List<Sighting> byIds(Reader reader, Collection<LobbyId> ids) {
    String sql = texts.of("ids", ids.size(), size -> BY_IDS.formatted(Placeholders.list(1, size)));
    return sightings(reader, sql, Placeholders.values(0, ids, LobbyId::value));
  }

  /** As {@link #byIds}, by their codes. */
  List<Sighting> byCodes(Reader reader, Collection<Integer> codes) {
    String sql =
        texts.of("codes", codes.size(), size -> BY_CODES.formatted(Placeholders.list(1, size)));
    return sightings(reader, sql, Placeholders.values(0, codes, Integer::longValue));
  }

  private static List<Sighting> sightings(Reader reader, String sql, @Nullable Object[] keys) {
    return reader
        .read(sql, keys)
        .all(row -> new Sighting(LobbyStore.lobby(row), Outbox.position(row)));
  }

  List<Lobby> newest(Reader reader, int max) {
    return reader.read(NEWEST, max).all(LobbyStore::lobby);
  }
}
