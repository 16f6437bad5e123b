package dev.rookery.party;

import dev.rookery.base.Page;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.player.Players;
import dev.rookery.store.LongList;
import dev.rookery.store.LongLists;
import dev.rookery.store.Outbox;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parties as rows. Statements about several are for at most {@link Placeholders#MANY_MAX}. A
 * transaction that changes a party, or who is in it, locks its row first, and rows of players after
 * that.
 */
final class PartyStore {
  private static final String COLUMNS =
      "id, leader_id, max_size, metadata, members, revision, created_ms, updated_ms, "
          + Players.nameOf("party.leader_id")
          + " AS leader_name";

  private static final String BY_IDS =
      "SELECT " + COLUMNS + " FROM party WHERE closed_ms IS NULL AND id IN (%s) ORDER BY id";

  private static final String WITH_POSITION =
      "SELECT "
          + COLUMNS
          + ", "
          + Outbox.headColumns("'party:' || party.id")
          + " FROM party WHERE closed_ms IS NULL AND id = $1";

  // Filled up with rows of nulls, which are no parties.
  private static final String INSERT =
      """
      INSERT INTO party (leader_id, max_size, metadata, members, revision, created_ms, updated_ms)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS INTEGER), column3, 1, 1, CAST($1 AS BIGINT),
        CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      RETURNING id, leader_id
      """;

  private static final String SAVE =
      """
      UPDATE party SET max_size = CAST(given.column2 AS INTEGER), metadata = given.column3,
        members = CAST(given.column4 AS INTEGER), revision = CAST(given.column5 AS BIGINT),
        updated_ms = CAST(given.column6 AS BIGINT), closed_ms = CAST(given.column7 AS BIGINT)
      FROM %s WHERE party.id = CAST(given.column1 AS BIGINT)
      """;

  private static final String REVISION =
      "SELECT revision FROM party WHERE closed_ms IS NULL AND id = $1";

  private static final String ALL_OPEN = "FROM party WHERE closed_ms IS NULL";

  private static final String COUNT_OPEN = "SELECT COUNT(*) AS total " + ALL_OPEN;

  private static final String COUNT_MEMBERS =
      "SELECT COALESCE(SUM(members), 0) AS total FROM party WHERE closed_ms IS NULL";

  private static final String OPEN_AFTER =
      "SELECT "
          + COLUMNS
          + " FROM party WHERE closed_ms IS NULL AND id < $1 ORDER BY id DESC LIMIT $2";

  private static final String CLOSED =
      "SELECT id FROM party WHERE closed_ms IS NOT NULL ORDER BY id LIMIT $1";

  private static final String FORGET =
      "DELETE FROM party WHERE closed_ms IS NOT NULL AND id IN (%s)";

  private final StatementTexts texts = new StatementTexts();

  /** A party and the position of its stream, both of one moment. */
  record Positioned(Party party, Position position) {}

  /** The open ones of these, their rows locked until the end of the transaction. */
  Map<PartyId, Party> lock(Transaction tx, Collection<PartyId> ids) {
    var found = new HashMap<PartyId, Party>();
    if (!ids.isEmpty()) {
      String sql =
          texts.of(
              "lock",
              ids.size(),
              size -> BY_IDS.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
      tx.run(sql, Placeholders.values(0, ids, PartyId::value))
          .all(PartyStore::party)
          .forEach(party -> found.put(party.id(), party));
    }
    return found;
  }

  /** The open ones of these. */
  Map<PartyId, Party> findAll(Reader reader, Collection<PartyId> ids) {
    String sql = texts.of("find", ids.size(), size -> BY_IDS.formatted(Placeholders.list(1, size)));
    var found = new HashMap<PartyId, Party>();
    reader
        .read(sql, Placeholders.values(0, ids, PartyId::value))
        .all(PartyStore::party)
        .forEach(party -> found.put(party.id(), party));
    return found;
  }

  /** Empty if it is not open. */
  Optional<Positioned> find(Reader reader, PartyId id) {
    return reader
        .read(WITH_POSITION, id.value())
        .first(row -> new Positioned(party(row), Outbox.position(row)));
  }

  /** Empty if the party is not open. */
  Optional<Long> revision(Reader reader, PartyId id) {
    return reader.read(REVISION, id.value()).first(row -> row.number("revision"));
  }

  /** Inserts parties with their leaders as the only members; returns their ids by leader. */
  Map<PlayerId, PartyId> insert(Transaction tx, Collection<Party> parties) {
    var given = new ValuesTable(3);
    parties.forEach(party -> given.add(party.leader(), party.maxSize(), json(party.metadata())));
    var inserted = new HashMap<PlayerId, PartyId>();
    given
        .run(tx, texts, INSERT, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(
            row ->
                inserted.put(new PlayerId(row.number("leader_id")), new PartyId(row.number("id"))));
    return inserted;
  }

  /**
   * Saves the settings and counts of parties, whose rows the caller has locked.
   *
   * @param closed those that end with this
   */
  void save(Transaction tx, Collection<Party> parties, Collection<PartyId> closed) {
    long now = tx.now().toEpochMilli();
    var given = new ValuesTable(7);
    parties.forEach(
        party ->
            given.add(
                party.id(),
                party.maxSize(),
                json(party.metadata()),
                party.members(),
                party.revision(),
                party.updatedMs(),
                closed.contains(party.id()) ? now : null));
    given.run(tx, texts, SAVE);
  }

  static long countOpen(Reader reader) {
    return reader.read(COUNT_OPEN).row(0).number("total");
  }

  /** How many players are in a party. */
  static long countMembers(Reader reader) {
    return reader.read(COUNT_MEMBERS).row(0).number("total");
  }

  /** The open ones, newest first. */
  static Page<Party> listOpen(Reader reader, LongLists longLists, Page.Request page) {
    var list = new LongList("parties", "id", true, ALL_OPEN, List.of());
    return longLists.page(
        reader, list, "SELECT " + COLUMNS + " FROM party", page, PartyStore::party);
  }

  static List<Party> openAfter(Reader reader, @Nullable PartyId after, int max) {
    return reader
        .read(OPEN_AFTER, after == null ? Long.MAX_VALUE : after.value(), max)
        .all(PartyStore::party);
  }

  List<PartyId> closed(Reader reader, int max) {
    return reader.read(CLOSED, max).all(row -> new PartyId(row.number("id")));
  }

  void forget(Transaction tx, List<PartyId> closed) {
    Placeholders.inParts(
        closed,
        part -> {
          String sql =
              texts.of("forget", part.size(), size -> FORGET.formatted(Placeholders.list(1, size)));
          tx.run(sql, Placeholders.values(0, part, PartyId::value));
        });
  }

  private static Party party(Row row) {
    String metadata = row.text("metadata");
    return new Party(
        new PartyId(row.number("id")),
        new PlayerId(row.number("leader_id")),
        row.text("leader_name"),
        (int) row.number("max_size"),
        metadata.equals("{}") ? Map.of() : new JsonObject(metadata).getMap(),
        (int) row.number("members"),
        row.number("revision"),
        row.number("created_ms"),
        row.number("updated_ms"));
  }

  private static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }
}
