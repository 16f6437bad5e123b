package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.Counts;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.notification.Broadcast.Variant;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Broadcasts as rows. */
final class BroadcastStore {
  static final long ENDED_MAX = 100;

  private static final String SELECT =
      """
      SELECT id, admin_id, sender_id, audience, recipients, title, content, metadata, variants,
        state, total, reached, delivered, after_id, upto_id, starts_ms, created_ms, ended_ms, key_id
      FROM broadcast
      """;

  private static final String INSERT =
      """
      INSERT INTO broadcast (admin_id, sender_id, audience, recipients, title, content, metadata,
        variants, state, total, reached, delivered, after_id, upto_id, starts_ms, created_ms,
        ended_ms, key_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, 0, 0, 0,
        COALESCE((SELECT MAX(id) FROM player), 0), $10, $11, 0, $12)
      RETURNING id
      """;

  private static final String OPEN =
      SELECT + "WHERE state = 'open' AND starts_ms <= $1 ORDER BY starts_ms, id LIMIT $2";

  private static final String ADVANCE =
      """
      UPDATE broadcast SET after_id = $1, reached = reached + $2, delivered = delivered + $3
      WHERE id = $4
      """;

  private static final String END =
      "UPDATE broadcast SET state = $1, ended_ms = $2 WHERE id = $3 AND state = 'open'";

  private static final String NEXT_OF_ALL =
      "SELECT id FROM player WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3";

  private static final String LANGUAGES =
      "SELECT id, language FROM player WHERE id IN (%s) AND language <> ''";

  private static final String COUNT_READ =
      """
      SELECT COUNT(*) AS total FROM (
        SELECT 1 AS one FROM notification
        WHERE code = 701 AND subject = $1 AND is_read = 1 LIMIT $2) AS counted
      """;

  private static final String REMOVE_ENDED =
      """
      DELETE FROM broadcast WHERE id IN (
        SELECT id FROM broadcast WHERE state <> 'open' AND ended_ms < $1
        ORDER BY ended_ms, id LIMIT $2)
      RETURNING id
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * A broadcast with how far it is.
   *
   * @param key the id of the access key that created it; null if the admin did
   */
  record Stored(
      Broadcast broadcast, List<Long> recipients, long after, long upTo, @Nullable String key) {}

  /**
   * @param key the id of the access key that creates it; null if the admin does
   */
  long insert(
      Transaction tx,
      BroadcastCommand.Create create,
      List<Long> recipients,
      long total,
      long at,
      @Nullable String key) {
    var variants = new JsonObject();
    create
        .variants()
        .forEach(
            (language, variant) ->
                variants.put(
                    language,
                    JsonObject.of("title", variant.title(), "content", variant.content())));
    return tx.run(
            INSERT,
            create.admin().value(),
            create.sender().value(),
            create.audience().text(),
            new JsonArray(recipients).encode(),
            create.title(),
            create.content(),
            new JsonObject(create.metadata()).encode(),
            variants.encode(),
            total,
            at,
            tx.now().toEpochMilli(),
            key)
        .row(0)
        .number("id");
  }

  Optional<Broadcast> find(Reader reader, long id) {
    return reader.read(SELECT + "WHERE id = $1", id).first(row -> stored(row).broadcast());
  }

  /** Keeps it from being changed until the end of the transaction. */
  Optional<Stored> lock(Transaction tx, long id) {
    return tx.run(SELECT + "WHERE id = $1" + tx.dialect().forUpdate(), id)
        .first(BroadcastStore::stored);
  }

  List<Broadcast> list(Reader reader, @Nullable Long before, int max) {
    return reader
        .read(
            SELECT + "WHERE id < $1 ORDER BY id DESC LIMIT $2",
            before == null ? Long.MAX_VALUE : before,
            (long) max)
        .all(row -> stored(row).broadcast());
  }

  /** The open ones that begin up to a time, the first ones first. */
  List<Broadcast> open(Reader reader, long untilMs, int max) {
    return reader.read(OPEN, untilMs, (long) max).all(row -> stored(row).broadcast());
  }

  void advance(Transaction tx, long id, long after, int reached, int delivered) {
    tx.run(ADVANCE, after, (long) reached, (long) delivered, id);
  }

  /** Ends one that is open. */
  void end(Transaction tx, long id, State state) {
    tx.run(END, state.text(), tx.now().toEpochMilli(), id);
  }

  List<PlayerId> nextOfAll(Reader reader, long after, long upTo, int max) {
    return reader
        .read(NEXT_OF_ALL, after, upTo, (long) max)
        .all(row -> new PlayerId(row.number("id")));
  }

  long countPlayers(Reader reader) {
    return reader.read("SELECT COUNT(*) AS total FROM player").row(0).number("total");
  }

  /** The languages of at most {@link Placeholders#MANY_MAX} players who have chosen one. */
  Map<PlayerId, String> languages(Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of("", players.size(), size -> LANGUAGES.formatted(Placeholders.list(1, size)));
    var languages = new HashMap<PlayerId, String>();
    reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .forEach(row -> languages.put(new PlayerId(row.number("id")), row.text("language")));
    return languages;
  }

  long countRead(Reader reader, long id, int max) {
    return reader
        .read(COUNT_READ, NotificationKind.broadcastSubject(id), (long) max)
        .row(0)
        .number("total");
  }

  /**
   * Removes some that ended before a time; returns how many, {@link #ENDED_MAX} if there may be
   * more.
   */
  int removeEnded(Transaction tx, long beforeMs) {
    return tx.run(REMOVE_ENDED, beforeMs, ENDED_MAX).size();
  }

  private static Stored stored(Row row) {
    var variants = new LinkedHashMap<String, Variant>();
    new JsonObject(row.text("variants"))
        .forEach(
            entry -> {
              var variant = (JsonObject) entry.getValue();
              variants.put(
                  entry.getKey(),
                  new Variant(variant.getString("title"), variant.getString("content")));
            });
    var broadcast =
        new Broadcast(
            row.number("id"),
            new PlayerId(row.number("admin_id")),
            new PlayerId(row.number("sender_id")),
            Audience.of(row.text("audience")),
            row.text("title"),
            row.text("content"),
            new JsonObject(row.text("metadata")).getMap(),
            variants,
            State.of(row.text("state")),
            new Counts(row.number("total"), row.number("reached"), row.number("delivered")),
            row.number("starts_ms"),
            row.number("created_ms"),
            row.number("ended_ms"));
    List<Long> recipients =
        new JsonArray(row.text("recipients"))
            .stream().map(id -> Long.valueOf(((Number) id).longValue())).toList();
    return new Stored(
        broadcast,
        recipients,
        row.number("after_id"),
        row.number("upto_id"),
        row.textOrNull("key_id"));
  }
}
