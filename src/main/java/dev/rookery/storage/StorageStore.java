package dev.rookery.storage;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects as rows. Statements about several are for at most {@link Placeholders#MANY_MAX}.
 *
 * <p>A transaction locks lobbies first, then players, then objects, then the usage of players.
 */
final class StorageStore {
  /** How many rows one statement deletes. */
  static final int DELETED_MAX = 500;

  private static final String NAME = "player_id, collection, object_key, lobby_id";

  /** Selects what {@link #object} reads. */
  static final String SELECT =
      """
      SELECT id, player_id, collection, object_key, lobby_id, value, metadata, version, read_access,
        write_access, created_ms, updated_ms FROM storage_object
      """;

  private static final String JOIN =
      """
      FROM %s JOIN storage_object ON player_id = CAST(given.column1 AS BIGINT)
        AND collection = given.column2 AND object_key = given.column3
        AND lobby_id = CAST(given.column4 AS BIGINT)
      """;

  private static final String FIND =
      """
      SELECT id, player_id, collection, object_key, lobby_id, value, metadata, version, read_access,
        write_access, created_ms, updated_ms
      """
          + JOIN;

  private static final String LOCK =
      """
      SELECT id, player_id, collection, object_key, lobby_id, version, bytes, read_access,
        write_access, created_ms
      """
          + JOIN
          + "ORDER BY id";

  private static final String BY_ID = SELECT + "WHERE collection = $1 AND id = $2";

  private static final String INSERT =
      """
      INSERT INTO storage_object (player_id, collection, object_key, lobby_id, value, metadata,
        version, bytes, read_access, write_access, created_ms, updated_ms)
      SELECT CAST(column1 AS BIGINT), column2, column3, CAST(column4 AS BIGINT), column5, column6,
        column7, CAST(column8 AS BIGINT), CAST(column9 AS INTEGER), CAST(column10 AS INTEGER),
        CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (player_id, collection, object_key, lobby_id) DO NOTHING
      RETURNING id, player_id, collection, object_key, lobby_id
      """;

  private static final String UPDATE =
      """
      UPDATE storage_object SET value = given.column2, metadata = given.column3,
        version = given.column4, bytes = CAST(given.column5 AS BIGINT),
        read_access = CAST(given.column6 AS INTEGER),
        write_access = CAST(given.column7 AS INTEGER), updated_ms = CAST($1 AS BIGINT)
      FROM %s WHERE storage_object.id = CAST(given.column1 AS BIGINT)
      """;

  private static final String RENAME =
      """
      UPDATE storage_object SET player_id = $1, object_key = $2, lobby_id = $3, value = $4,
        metadata = $5, version = $6, bytes = $7, write_access = $8, updated_ms = $9
      WHERE id = $10
      """;

  private static final String DELETE =
      "DELETE FROM storage_object WHERE id IN (%s) RETURNING " + NAME + ", bytes";

  // The constant is what the index of lobbies needs: a value is not known when a plan is made.
  private static final String LOBBIES =
      """
      SELECT DISTINCT lobby_id FROM storage_object WHERE lobby_id > 0 AND lobby_id > $1
      ORDER BY lobby_id LIMIT $2
      """;

  private final StatementTexts texts = new StatementTexts();

  /** What a write needs to know of an object. */
  record Header(
      long id,
      ObjectName name,
      String version,
      long bytes,
      ReadAccess readAccess,
      WriteAccess writeAccess,
      long createdMs) {}

  /** What is written of an object; the id is null for a new one. */
  record Content(
      @Nullable Long id,
      ObjectName name,
      String value,
      String metadata,
      String version,
      long bytes,
      ReadAccess readAccess,
      WriteAccess writeAccess) {}

  /** An object that was deleted, and what it counted for. */
  record Deleted(ObjectName name, long bytes) {}

  Map<ObjectName, StoredObject> find(Reader reader, Collection<ObjectName> names) {
    var found = new HashMap<ObjectName, StoredObject>();
    table(names)
        .read(reader, texts, FIND)
        .all(StorageStore::object)
        .forEach(object -> found.put(object.name(), object));
    return found;
  }

  /** Those of the objects that exist, their rows locked until the end of the transaction. */
  List<Header> lock(Transaction tx, Collection<ObjectName> names) {
    return table(names).run(tx, texts, LOCK + tx.dialect().forUpdate()).all(StorageStore::header);
  }

  private static ValuesTable table(Collection<ObjectName> names) {
    var given = new ValuesTable(4);
    names.forEach(
        name -> given.add(name.ownerOrNone(), name.collection(), name.key(), name.lobbyOrNone()));
    return given;
  }

  Optional<StoredObject> byId(Reader reader, String collection, long id) {
    return reader.read(BY_ID, collection, id).first(StorageStore::object);
  }

  /** Inserts objects in their order; answers the ids of those whose names were free. */
  Map<ObjectName, Long> insert(Transaction tx, Collection<Content> contents) {
    var given = new ValuesTable(10);
    for (Content content : contents) {
      ObjectName name = content.name();
      given.add(
          name.ownerOrNone(),
          name.collection(),
          name.key(),
          name.lobbyOrNone(),
          content.value(),
          content.metadata(),
          content.version(),
          content.bytes(),
          content.readAccess().ordinal(),
          content.writeAccess().ordinal());
    }
    var ids = new HashMap<ObjectName, Long>();
    given
        .run(tx, texts, INSERT, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(row -> ids.put(name(row), row.number("id")));
    return ids;
  }

  /** Replaces the content of objects whose rows the caller has locked. */
  void update(Transaction tx, Collection<Content> contents) {
    var given = new ValuesTable(7);
    for (Content content : contents) {
      given.add(
          content.id(),
          content.value(),
          content.metadata(),
          content.version(),
          content.bytes(),
          content.readAccess().ordinal(),
          content.writeAccess().ordinal());
    }
    given.run(tx, texts, UPDATE, tx.now().toEpochMilli());
  }

  /** Replaces name and content of an object whose row the caller has locked. */
  void rename(Transaction tx, Content content) {
    ObjectName name = content.name();
    tx.run(
        RENAME,
        name.ownerOrNone(),
        name.key(),
        name.lobbyOrNone(),
        content.value(),
        content.metadata(),
        content.version(),
        content.bytes(),
        content.writeAccess().ordinal(),
        tx.now().toEpochMilli(),
        content.id());
  }

  List<Deleted> delete(Transaction tx, Collection<Long> ids) {
    String text =
        texts.of("delete", ids.size(), size -> DELETE.formatted(Placeholders.list(1, size)));
    return deleted(tx.run(text, Placeholders.values(0, ids, Long::longValue)));
  }

  /** At most {@link #DELETED_MAX} of the objects that a {@code DeleteKey} is about. */
  List<Deleted> deleteKey(Transaction tx, ObjectName name) {
    String scope =
        name.owner() != null && name.lobby() == null
            ? "player_id = $3 AND $4 = 0"
            : name.owner() == null && name.lobby() != null
                ? "$3 = 0 AND lobby_id = $4"
                : "player_id = $3 AND lobby_id = $4";
    return deleteSome(
        tx,
        "collection = $1 AND object_key = $2 AND "
            + scope.replace("$3", "CAST($3 AS BIGINT)").replace("$4", "CAST($4 AS BIGINT)"),
        name.collection(),
        name.key(),
        name.ownerOrNone(),
        name.lobbyOrNone());
  }

  /** At most {@link #DELETED_MAX} objects of a player. */
  List<Deleted> deleteOf(Transaction tx, PlayerId owner) {
    return deleteSome(tx, "player_id = $1", owner.value());
  }

  /** At most {@link #DELETED_MAX} objects of a lobby. */
  List<Deleted> deleteOf(Transaction tx, LobbyId lobby) {
    return deleteSome(tx, "lobby_id = $1 AND lobby_id > 0", lobby.value());
  }

  private static List<Deleted> deleteSome(Transaction tx, String condition, Object... values) {
    return deleted(
        tx.run(
            "DELETE FROM storage_object WHERE id IN (SELECT id FROM storage_object WHERE "
                + condition
                + " ORDER BY id LIMIT "
                + DELETED_MAX
                + ") RETURNING "
                + NAME
                + ", bytes",
            values));
  }

  private static List<Deleted> deleted(Rows rows) {
    return rows.all(row -> new Deleted(name(row), row.number("bytes")));
  }

  /** Lobbies that have objects, by ascending id. */
  List<LobbyId> lobbies(Reader reader, LobbyId after, int max) {
    return reader
        .read(LOBBIES, after.value(), (long) max)
        .all(row -> new LobbyId(row.number("lobby_id")));
  }

  private static ObjectName name(Row row) {
    return ObjectName.of(
        row.text("collection"),
        row.text("object_key"),
        row.number("player_id"),
        row.number("lobby_id"));
  }

  private static Header header(Row row) {
    return new Header(
        row.number("id"),
        name(row),
        row.text("version"),
        row.number("bytes"),
        ReadAccess.values()[(int) row.number("read_access")],
        WriteAccess.values()[(int) row.number("write_access")],
        row.number("created_ms"));
  }

  static StoredObject object(Row row) {
    return new StoredObject(
        row.number("id"),
        name(row),
        row.text("value"),
        row.text("metadata"),
        row.text("version"),
        ReadAccess.values()[(int) row.number("read_access")],
        WriteAccess.values()[(int) row.number("write_access")],
        row.number("created_ms"),
        row.number("updated_ms"));
  }
}
