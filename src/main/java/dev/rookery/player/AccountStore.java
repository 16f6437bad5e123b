package dev.rookery.player;

import dev.rookery.base.ComparedText;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.store.LongList;
import dev.rookery.store.LongLists;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and updates the fields of players that only admins see and change. */
final class AccountStore {
  /** The columns of a ban, for statements that read {@link #ban}. */
  static final String BAN_COLUMNS = " banned_ms, banned_until_ms, ban_reason ";

  static final String COLUMNS =
      PlayerStore.COLUMNS + ", updated_ms, mark, " + BAN_COLUMNS + "FROM player ";

  private static final String FIND = "SELECT" + COLUMNS + "WHERE id = $1";

  private static final String UPDATE =
      """
      UPDATE player SET admin = COALESCE(CAST($1 AS INTEGER), admin),
        display_name = COALESCE(CAST($2 AS TEXT), display_name),
        name_key = COALESCE(CAST($3 AS TEXT), name_key),
        metadata = COALESCE(CAST($4 AS TEXT), metadata),
        updated_ms = $5, revision = revision + 1
      WHERE id = $6
      """
          + PlayerStore.RETURNING;

  private static final String BAN =
      """
      UPDATE player SET banned_ms = $1, banned_until_ms = $2, ban_reason = $3, updated_ms = $1
      WHERE id = $4
      RETURNING id
      """;

  private static final String LIFT_BAN =
      """
      UPDATE player SET banned_ms = NULL, banned_until_ms = NULL, ban_reason = NULL,
        updated_ms = $1
      WHERE id = $2
      RETURNING id
      """;

  private final InstantSource clock;
  private final LongLists longLists;

  AccountStore(InstantSource clock) {
    this.clock = clock;
    this.longLists = new LongLists(clock);
  }

  Optional<Account> find(Reader reader, PlayerId player) {
    return reader.read(FIND, player.value()).first(this::account);
  }

  /**
   * Finds matching players, newest first.
   *
   * @param id a player id to match as well; null for none
   */
  Page<Account> search(
      Reader reader, PlayerCommand.SearchAccounts search, @Nullable Long id, Page.Request page) {
    var conditions = new ArrayList<String>();
    var values = new ArrayList<@Nullable Object>();
    String text = search.text();
    if (text != null) {
      conditions.add("id IN " + PlayerStore.MATCHING);
      String key = PlayerStore.nameKey(text);
      values.addAll(
          Arrays.asList(key, key + PlayerStore.LAST_CHARACTER, ComparedText.email(text), id));
    }
    if (search.admin() != null) {
      conditions.add("admin = " + (search.admin() ? 1 : 0));
    }
    if (search.banned() != null) {
      values.add(clock.millis());
      String banned =
          "(banned_ms IS NOT NULL AND (banned_until_ms IS NULL OR banned_until_ms > $%d))"
              .formatted(values.size());
      conditions.add(search.banned() ? banned : "NOT " + banned);
    }
    // PostgreSQL would look for the few that match among all players in their order.
    String matching =
        text != null && conditions.size() == 1
            ? "FROM " + PlayerStore.MATCHING + " AS matching"
            : "FROM player"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    var key = Arrays.asList(text, id, search.admin(), search.banned());
    var list = new LongList(key, "id", true, matching, values);
    return longLists.page(reader, list, "SELECT" + COLUMNS, page, this::account);
  }

  long count(Reader reader, PlayerCommand.CountFilter filter) {
    var conditions = new ArrayList<String>();
    var values = new ArrayList<@Nullable Object>();
    if (filter.online() != null) {
      conditions.add("online = " + (filter.online() ? 1 : 0));
    }
    if (filter.password() != null) {
      conditions.add("password_hash IS " + (filter.password() ? "NOT NULL" : "NULL"));
    }
    if (filter.provider() != null) {
      conditions.add(PlayerStore.column(filter.provider()) + " IS NOT NULL");
    }
    if (filter.registeredSinceMs() != null) {
      values.add(filter.registeredSinceMs());
      conditions.add("created_ms >= $" + values.size());
    }
    if (filter.seenSinceMs() != null) {
      values.add(filter.seenSinceMs());
      conditions.add("last_seen_ms >= $" + values.size());
    }
    String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    return reader
        .read("SELECT COUNT(*) AS total FROM player " + where, values.toArray())
        .row(0)
        .number("total");
  }

  /** Updates the given fields and leaves those that are null. Empty if there is no such player. */
  Optional<Player> update(
      Transaction tx,
      PlayerId player,
      @Nullable Boolean admin,
      @Nullable String displayName,
      @Nullable Map<String, Object> metadata) {
    return tx.run(
            UPDATE,
            admin == null ? null : admin ? 1 : 0,
            displayName,
            displayName == null ? null : PlayerStore.nameKey(displayName),
            metadata == null ? null : new JsonObject(metadata).encode(),
            clock.millis(),
            player.value())
        .first(PlayerStore::player);
  }

  /** Bans the player, replacing an earlier ban. Returns false if there is no such player. */
  boolean ban(Transaction tx, PlayerId player, String reason, @Nullable Long untilMs) {
    return !tx.run(BAN, clock.millis(), untilMs, reason, player.value()).isEmpty();
  }

  /** Lifts the ban, if any. Returns false if there is no such player. */
  boolean liftBan(Transaction tx, PlayerId player) {
    return !tx.run(LIFT_BAN, clock.millis(), player.value()).isEmpty();
  }

  /** Returns the ban in a row, expired or not; null if none. */
  static @Nullable Ban ban(Row row) {
    Long since = row.numberOrNull("banned_ms");
    return since == null
        ? null
        : new Ban(since, row.numberOrNull("banned_until_ms"), row.text("ban_reason"));
  }

  Account account(Row row) {
    Ban ban = ban(row);
    boolean active = ban != null && ban.isActive(clock.millis());
    String mark = row.textOrNull("mark");
    return new Account(
        PlayerStore.player(row),
        row.number("updated_ms"),
        active ? ban : null,
        mark == null ? null : PlayerMark.valueOf(mark.toUpperCase(Locale.ROOT)));
  }
}
