package dev.rookery.achievement;

import dev.rookery.achievement.AchievementCommand.Fields;
import dev.rookery.base.AchievementId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Achievements as rows. Statements about several are for at most {@link Placeholders#MANY_MAX}. A
 * transaction that changes the progress of a player has locked the player.
 */
final class AchievementStore {
  /** The most definitions there can be; all of them are read at once. */
  static final int DEFINITIONS_MAX = 1_000;

  // Players are spread over the parts by their ids.
  private static final int PARTS = 16;

  private static final String SELECT =
      """
      SELECT id, slug, title, description, icon_url, sort_order, hidden, progress_target, metadata,
        created_ms, updated_ms FROM achievement
      """;

  private static final String ALL = SELECT + "ORDER BY id LIMIT " + DEFINITIONS_MAX;

  private static final String INSERT =
      """
      INSERT INTO achievement (slug, title, description, icon_url, sort_order, hidden,
        progress_target, metadata, created_ms, updated_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
      ON CONFLICT DO NOTHING
      RETURNING id
      """;

  private static final String UPDATE =
      """
      UPDATE achievement SET slug = $1, title = $2, description = $3, icon_url = $4,
        sort_order = $5, hidden = $6, progress_target = $7, metadata = $8, updated_ms = $9
      WHERE id = $10
      """;

  private static final String DELETE = "DELETE FROM achievement WHERE id = $1 RETURNING id";

  private static final String COUNT = "SELECT COUNT(*) AS total FROM achievement";

  private static final String PROGRESS_COLUMNS =
      "id, player_id, achievement_id, progress, unlocked_ms, created_ms, updated_ms";

  private static final String OF_PLAYER =
      "SELECT " + PROGRESS_COLUMNS + " FROM player_achievement WHERE player_id = $1";

  private static final String ONE = OF_PLAYER + " AND achievement_id = $2";

  private static final String UNLOCKED_COUNT =
      """
      SELECT COUNT(*) AS total FROM player_achievement
      WHERE player_id = $1 AND unlocked_ms IS NOT NULL
      """;

  private static final String UNLOCKED =
      OF_PLAYER
          + " AND unlocked_ms IS NOT NULL ORDER BY unlocked_ms DESC, id DESC LIMIT $2 OFFSET $3";

  private static final String PROGRESS =
      """
      SELECT player_achievement.id, player_id, achievement_id, progress, unlocked_ms, created_ms,
        updated_ms
      FROM %s JOIN player_achievement ON player_id = CAST(given.column1 AS BIGINT)
        AND achievement_id = CAST(given.column2 AS BIGINT)
      """;

  private static final String SAVE =
      """
      INSERT INTO player_achievement (player_id, achievement_id, progress, unlocked_ms, created_ms,
        updated_ms)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), CAST(column3 AS INTEGER),
        CAST(column4 AS BIGINT), CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (player_id, achievement_id) DO UPDATE SET progress = excluded.progress,
        unlocked_ms = excluded.unlocked_ms, updated_ms = excluded.updated_ms
      RETURNING
      """
          + PROGRESS_COLUMNS;

  private static final String ADD_COUNTS =
      """
      INSERT INTO achievement_count (achievement_id, part, unlocked)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS INTEGER), CAST(column3 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (achievement_id, part)
        DO UPDATE SET unlocked = achievement_count.unlocked + excluded.unlocked
      """;

  private static final String COUNTS =
      """
      SELECT achievement_id, CAST(SUM(unlocked) AS BIGINT) AS unlocked FROM achievement_count
      GROUP BY achievement_id
      """;

  /** All players, to be counted. */
  static final String PLAYERS = "FROM player";

  private static final String DELETE_PROGRESS =
      "DELETE FROM player_achievement WHERE player_id = $1 AND achievement_id = $2 RETURNING "
          + PROGRESS_COLUMNS;

  private static final String FORGET =
      "DELETE FROM player_achievement WHERE player_id = $1 RETURNING " + PROGRESS_COLUMNS;

  private final StatementTexts texts = new StatementTexts();

  /** A player and an achievement. */
  record Pair(PlayerId player, AchievementId achievement) {
    static Pair of(PlayerAchievement progress) {
      return new Pair(progress.player(), progress.achievement());
    }
  }

  /** What is written of a player's progress. */
  record Change(Pair pair, int progress, @Nullable Long unlockedMs) {}

  /** All definitions, by sort order and title. */
  List<Achievement> all(Reader reader) {
    return reader.read(ALL).all(AchievementStore::achievement).stream()
        .sorted(Achievement::compare)
        .toList();
  }

  Optional<Achievement> find(Reader reader, AchievementId id) {
    return reader.read(SELECT + "WHERE id = $1", id.value()).first(AchievementStore::achievement);
  }

  /** Nobody else can change the definition until the end of the transaction. */
  Optional<Achievement> lock(Transaction tx, AchievementId id) {
    return tx.run(SELECT + "WHERE id = $1" + tx.dialect().forUpdate(), id.value())
        .first(AchievementStore::achievement);
  }

  Map<String, Achievement> bySlugs(Reader reader, Collection<String> slugs) {
    var given = new ValuesTable(1);
    slugs.forEach(given::add);
    var found = new HashMap<String, Achievement>();
    given
        .read(
            reader,
            texts,
            """
            SELECT id, slug, title, description, icon_url, sort_order, hidden, progress_target,
              metadata, created_ms, updated_ms
            FROM %s JOIN achievement ON slug = given.column1
            """)
        .all(AchievementStore::achievement)
        .forEach(achievement -> found.put(achievement.slug(), achievement));
    return found;
  }

  long count(Reader reader) {
    return reader.read(COUNT).row(0).number("total");
  }

  /** Empty if the slug is taken. */
  Optional<AchievementId> insert(Transaction tx, Fields fields) {
    return tx.run(
            INSERT,
            fields.slug(),
            fields.title(),
            text(fields.description()),
            text(fields.iconUrl()),
            number(fields.sortOrder(), 0),
            flag(Boolean.TRUE.equals(fields.hidden())),
            number(fields.progressTarget(), 1),
            json(fields.metadata() == null ? Map.of() : fields.metadata()),
            tx.now().toEpochMilli())
        .first(row -> new AchievementId(row.number("id")));
  }

  /** Fails as a duplicate if another definition has the slug. */
  void update(Transaction tx, Achievement achievement) {
    tx.run(
        UPDATE,
        achievement.slug(),
        achievement.title(),
        achievement.description(),
        achievement.iconUrl(),
        achievement.sortOrder(),
        flag(achievement.hidden()),
        achievement.progressTarget(),
        json(achievement.metadata()),
        achievement.updatedMs(),
        achievement.id().value());
  }

  boolean delete(Transaction tx, AchievementId id) {
    return !tx.run(DELETE, id.value()).isEmpty();
  }

  /** The progress of a player, by achievement. */
  Map<AchievementId, PlayerAchievement> ofPlayer(Reader reader, PlayerId player) {
    var own = new HashMap<AchievementId, PlayerAchievement>();
    reader
        .read(OF_PLAYER, player.value())
        .all(AchievementStore::progress)
        .forEach(progress -> own.put(progress.achievement(), progress));
    return own;
  }

  Optional<PlayerAchievement> ofPlayer(Reader reader, PlayerId player, AchievementId achievement) {
    return reader.read(ONE, player.value(), achievement.value()).first(AchievementStore::progress);
  }

  long unlockedCount(Reader reader, PlayerId player) {
    return reader.read(UNLOCKED_COUNT, player.value()).row(0).number("total");
  }

  /** What a player has unlocked, latest first. */
  List<PlayerAchievement> unlocked(Reader reader, PlayerId player, Page.Request page, int max) {
    return reader
        .read(UNLOCKED, player.value(), (long) Math.min(page.size(), max), page.offset())
        .all(AchievementStore::progress);
  }

  Map<Pair, PlayerAchievement> find(Reader reader, Collection<Pair> pairs) {
    var given = new ValuesTable(2);
    pairs.forEach(pair -> given.add(pair.player(), pair.achievement()));
    var found = new HashMap<Pair, PlayerAchievement>();
    given
        .read(reader, texts, PROGRESS)
        .all(AchievementStore::progress)
        .forEach(progress -> found.put(Pair.of(progress), progress));
    return found;
  }

  Map<Pair, PlayerAchievement> save(Transaction tx, Collection<Change> changes) {
    var given = new ValuesTable(4);
    changes.forEach(
        change ->
            given.add(
                change.pair().player(),
                change.pair().achievement(),
                change.progress(),
                change.unlockedMs()));
    var saved = new HashMap<Pair, PlayerAchievement>();
    given
        .run(tx, texts, SAVE, tx.now().toEpochMilli())
        .all(AchievementStore::progress)
        .forEach(progress -> saved.put(Pair.of(progress), progress));
    return saved;
  }

  /** Empty if the player has none. */
  Optional<PlayerAchievement> deleteProgress(
      Transaction tx, PlayerId player, AchievementId achievement) {
    return tx.run(DELETE_PROGRESS, player.value(), achievement.value())
        .first(AchievementStore::progress);
  }

  List<PlayerAchievement> forget(Transaction tx, PlayerId player) {
    return tx.run(FORGET, player.value()).all(AchievementStore::progress);
  }

  /** Adds to how many players have unlocked achievements; rows are changed in one order. */
  void addUnlocked(Transaction tx, Collection<Pair> pairs, int each) {
    var sums = new TreeMap<Long, Integer>();
    // The parts of one achievement have neighbouring numbers.
    pairs.forEach(
        pair ->
            sums.merge(
                pair.achievement().value() * PARTS + pair.player().value() % PARTS,
                each,
                Integer::sum));
    Placeholders.inParts(
        List.copyOf(sums.entrySet()),
        part -> {
          var given = new ValuesTable(3);
          part.forEach(
              sum -> given.add(sum.getKey() / PARTS, sum.getKey() % PARTS, sum.getValue()));
          given.run(tx, texts, ADD_COUNTS);
        });
  }

  /** How many players have unlocked each achievement; those that nobody has are left out. */
  Map<AchievementId, Long> unlockedCounts(Reader reader) {
    var counts = new HashMap<AchievementId, Long>();
    reader
        .read(COUNTS)
        .all(row -> row)
        .forEach(
            row ->
                counts.put(
                    new AchievementId(row.number("achievement_id")), row.number("unlocked")));
    return counts;
  }

  private static Achievement achievement(Row row) {
    String metadata = row.text("metadata");
    return new Achievement(
        new AchievementId(row.number("id")),
        row.text("slug"),
        row.text("title"),
        row.text("description"),
        row.text("icon_url"),
        (int) row.number("sort_order"),
        row.flag("hidden"),
        (int) row.number("progress_target"),
        metadata.equals("{}") ? Map.of() : new JsonObject(metadata).getMap(),
        row.number("created_ms"),
        row.number("updated_ms"));
  }

  private static PlayerAchievement progress(Row row) {
    return new PlayerAchievement(
        row.number("id"),
        new PlayerId(row.number("player_id")),
        new AchievementId(row.number("achievement_id")),
        (int) row.number("progress"),
        row.numberOrNull("unlocked_ms"),
        row.number("created_ms"),
        row.number("updated_ms"));
  }

  private static String text(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  private static int number(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }

  private static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }
}
