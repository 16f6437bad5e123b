package dev.rookery.group;

import dev.rookery.base.ComparedText;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.group.GroupRules.Values;
import dev.rookery.player.Players;
import dev.rookery.store.Outbox;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Groups as rows, without those that are closed. The caller of those that write has locked them.
 */
final class GroupStore {
  static final String COLUMNS =
      """
      id, title, description, type, members_max, metadata, creator_id, slowdown_s, members, admins,
      created_ms, updated_ms,
      """
          + Players.nameOf("player_group.creator_id")
          + " AS creator_name\n";

  private static final String SELECT =
      "SELECT " + COLUMNS + " FROM player_group WHERE closed_ms IS NULL ";

  private static final String BY_ID = SELECT + "AND id = $1";

  private static final String BY_IDS = SELECT + "AND id IN (%s) ORDER BY id";

  private static final String WITH_POSITION =
      "SELECT "
          + COLUMNS
          + ", "
          + Outbox.headColumns("'group:' || player_group.id")
          + " FROM player_group WHERE closed_ms IS NULL AND id = $1";

  private static final String INSERT =
      """
      INSERT INTO player_group (title, title_key, description, type, members_max, metadata,
        creator_id, slowdown_s, members, admins, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 1, $9, $9)
      ON CONFLICT DO NOTHING
      RETURNING id
      """;

  private static final String TITLE_TAKEN =
      "SELECT id FROM player_group WHERE title = $1 AND closed_ms IS NULL AND id <> $2";

  private static final String SAVE_SETTINGS =
      """
      UPDATE player_group SET title = $1, title_key = $2, description = $3, type = $4,
        members_max = $5, metadata = $6, slowdown_s = $7, updated_ms = $8
      WHERE id = $9
      """;

  private static final String SAVE_COUNTS =
      "UPDATE player_group SET members = $1, admins = $2, creator_id = $3 WHERE id = $4";

  private static final String CLOSE =
      """
      UPDATE player_group SET closed_ms = $1, members = 0, admins = 0, creator_id = NULL,
        title = '', title_key = '', description = '', metadata = '{}'
      WHERE id = $2
      """;

  private static final String CREATED_BY =
      "SELECT id FROM player_group WHERE creator_id = $1 AND closed_ms IS NULL ORDER BY id LIMIT"
          + " $2";

  private static final String COUNT_CREATED_BY =
      "SELECT COUNT(*) AS total FROM player_group WHERE creator_id = $1 AND closed_ms IS NULL";

  private static final String FORGET_CREATOR =
      "UPDATE player_group SET creator_id = NULL WHERE creator_id = $1 AND id = $2";

  private final StatementTexts texts = new StatementTexts();

  /** A group, and how many of its members are admins. */
  record Stored(Group group, int admins) {
    Stored with(int members, int newAdmins, @Nullable PlayerId creator, String creatorName) {
      return new Stored(
          new Group(
              group.id(),
              group.title(),
              group.description(),
              group.type(),
              group.membersMax(),
              group.metadata(),
              creator,
              creatorName,
              members,
              group.slowdownSeconds(),
              group.createdMs(),
              group.updatedMs()),
          newAdmins);
    }

    Stored with(Values values, long updatedMs) {
      return new Stored(
          new Group(
              group.id(),
              Objects.requireNonNull(values.title()),
              values.description(),
              values.type(),
              values.membersMax(),
              values.metadata(),
              group.creator(),
              group.creatorName(),
              group.members(),
              values.slowdownSeconds(),
              group.createdMs(),
              updatedMs),
          admins);
    }
  }

  Optional<Stored> find(Reader reader, GroupId id) {
    return reader.read(BY_ID, id.value()).first(GroupStore::stored);
  }

  Optional<GroupSnapshot> findWithPosition(Reader reader, GroupId id) {
    return reader
        .read(WITH_POSITION, id.value())
        .first(row -> new GroupSnapshot(group(row), Outbox.position(row)));
  }

  /** Locks at most {@link Placeholders#MANY_MAX} groups by ascending id; answers the open ones. */
  Map<GroupId, Stored> lock(Transaction tx, Collection<GroupId> ids) {
    String text =
        texts.of(
            "lock",
            ids.size(),
            size -> BY_IDS.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
    var found = new HashMap<GroupId, Stored>();
    tx.run(text, Placeholders.values(0, ids, GroupId::value))
        .all(GroupStore::stored)
        .forEach(one -> found.put(one.group().id(), one));
    return found;
  }

  /** Empty if the title is taken. */
  Optional<Stored> insert(Transaction tx, Values values, PlayerId creator, String creatorName) {
    long now = tx.now().toEpochMilli();
    String title = Objects.requireNonNull(values.title());
    return tx.run(
            INSERT,
            title,
            ComparedText.searchKey(title),
            values.description(),
            GroupRules.text(values.type()),
            values.membersMax(),
            new JsonObject(values.metadata()).encode(),
            creator.value(),
            values.slowdownSeconds(),
            now)
        .first(row -> new GroupId(row.number("id")))
        .map(
            id ->
                new Stored(
                    new Group(
                        id,
                        title,
                        values.description(),
                        values.type(),
                        values.membersMax(),
                        values.metadata(),
                        creator,
                        creatorName,
                        1,
                        values.slowdownSeconds(),
                        now,
                        now),
                    1));
  }

  boolean isTitleTaken(Transaction tx, String title, GroupId except) {
    return !tx.run(TITLE_TAKEN, title, except.value()).isEmpty();
  }

  void saveSettings(Transaction tx, Group group) {
    tx.run(
        SAVE_SETTINGS,
        group.title(),
        ComparedText.searchKey(group.title()),
        group.description(),
        GroupRules.text(group.type()),
        group.membersMax(),
        new JsonObject(group.metadata()).encode(),
        group.slowdownSeconds(),
        group.updatedMs(),
        group.id().value());
  }

  void saveCounts(Transaction tx, Stored stored) {
    PlayerId creator = stored.group().creator();
    tx.run(
        SAVE_COUNTS,
        stored.group().members(),
        stored.admins(),
        creator == null ? null : creator.value(),
        stored.group().id().value());
  }

  /** Its title is free from now on, and nothing of what people wrote is kept. */
  void close(Transaction tx, GroupId id) {
    tx.run(CLOSE, tx.now().toEpochMilli(), id.value());
  }

  static long countCreatedBy(Reader reader, PlayerId creator) {
    return reader.read(COUNT_CREATED_BY, creator.value()).row(0).number("total");
  }

  List<GroupId> createdBy(Reader reader, PlayerId creator, int max) {
    return reader
        .read(CREATED_BY, creator.value(), (long) max)
        .all(row -> new GroupId(row.number("id")));
  }

  void forgetCreator(Transaction tx, PlayerId creator, GroupId id) {
    tx.run(FORGET_CREATOR, creator.value(), id.value());
  }

  private static Stored stored(Row row) {
    return new Stored(group(row), (int) row.number("admins"));
  }

  static Group group(Row row) {
    Long creator = row.numberOrNull("creator_id");
    return new Group(
        new GroupId(row.number("id")),
        row.text("title"),
        row.text("description"),
        GroupType.valueOf(row.text("type").toUpperCase(Locale.ROOT)),
        (int) row.number("members_max"),
        new JsonObject(row.text("metadata")).getMap(),
        creator == null ? null : new PlayerId(creator),
        row.text("creator_name"),
        (int) row.number("members"),
        (int) row.number("slowdown_s"),
        row.number("created_ms"),
        row.number("updated_ms"));
  }
}
