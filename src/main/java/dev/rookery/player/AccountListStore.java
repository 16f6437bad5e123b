package dev.rookery.player;

import dev.rookery.base.ComparedText;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.AccountPlace;
import dev.rookery.store.Conditions;
import dev.rookery.store.Reader;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/** Lists players for admins by keyset: a page far from the start costs what the first one costs. */
final class AccountListStore {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final InstantSource clock;
  private final AccountStore accounts;

  AccountListStore(InstantSource clock, AccountStore accounts) {
    this.clock = clock;
    this.accounts = accounts;
  }

  List<Account> list(Reader reader, PlayerCommand.ListAccounts list) {
    AccountOrder order = list.order();
    boolean byName = order == AccountOrder.NAME || order == AccountOrder.NAME_DESCENDING;
    boolean descends = order == AccountOrder.NEWEST || order == AccountOrder.NAME_DESCENDING;
    boolean down = descends != list.backwards();
    Conditions where = where(list.filter());
    AccountPlace from = list.from();
    if (from != null && byName) {
      where.add(
          "(name_key, id) " + (down ? "<" : ">") + " (?, ?)",
          PlayerStore.nameKey(from.displayName()),
          from.player().value());
    } else if (from != null && byCreation(list.filter())) {
      // The place is that of the next player if this one is gone.
      long id = from.player().value();
      where.add(
          down
              ? "(created_ms, id) < ((SELECT place.created_ms FROM player AS place"
                  + " WHERE place.id <= ? ORDER BY place.id DESC LIMIT 1), ?)"
              : "(created_ms, id) > ((SELECT place.created_ms FROM player AS place"
                  + " WHERE place.id >= ? ORDER BY place.id LIMIT 1), ?)",
          id,
          id);
    } else if (from != null) {
      where.add("id " + (down ? "<" : ">") + " ?", from.player().value());
    }
    String max = where.value((long) Math.clamp(list.max(), 1, PlayerCommand.LISTED_MAX));
    String direction = down ? " DESC" : "";
    String sql =
        "SELECT"
            + AccountStore.COLUMNS
            + where.text()
            + " ORDER BY "
            + (byName
                ? "name_key" + direction + ", "
                : byCreation(list.filter()) ? "created_ms" + direction + ", " : "")
            + "id"
            + direction
            + " LIMIT "
            + max;
    List<Account> found = reader.read(sql, where.values()).all(accounts::account);
    return list.backwards() ? found.reversed() : found;
  }

  /** Ids ascend with the time of registration, but only by this time an index has its range. */
  private static boolean byCreation(AccountFilter filter) {
    return filter.text() == null
        && (filter.createdFromMs() != null || filter.createdBeforeMs() != null);
  }

  long count(Reader reader, AccountFilter filter, long max) {
    Conditions where = where(filter);
    String limit = where.value(max);
    String sql =
        "SELECT COUNT(*) AS total FROM (SELECT 1 FROM player"
            + where.text()
            + " LIMIT "
            + limit
            + ") AS matching";
    return reader.read(sql, where.values()).row(0).number("total");
  }

  private Conditions where(AccountFilter filter) {
    var where = new Conditions();
    String text = filter.text();
    if (text != null) {
      addText(where, text.strip());
    }
    if (filter.online() != null) {
      // The rows of presence are few where players are many.
      where.add(
          (filter.online() ? "" : "NOT ")
              + "(online = 1 AND id IN (SELECT player_id FROM presence))");
    }
    if (filter.banned() != null) {
      where.add(
          (filter.banned() ? "" : "NOT ")
              + "(banned_ms IS NOT NULL AND (banned_until_ms IS NULL OR banned_until_ms > ?))",
          clock.millis());
    }
    if (filter.admin() != null) {
      where.add("admin = " + (filter.admin() ? 1 : 0));
    }
    if (filter.email() != null) {
      where.add("email IS " + (filter.email() ? "NOT NULL" : "NULL"));
    }
    if (filter.provider() != null) {
      where.add(PlayerStore.column(filter.provider()) + " IS NOT NULL");
    }
    if (filter.lobby() != null) {
      where.add("lobby_id = ?", filter.lobby().value());
    }
    if (filter.mark() != null) {
      addMark(where, filter.mark());
    }
    if (filter.createdFromMs() != null) {
      where.add("created_ms >= ?", filter.createdFromMs());
    }
    if (filter.createdBeforeMs() != null) {
      where.add("created_ms < ?", filter.createdBeforeMs());
    }
    return where;
  }

  private static void addMark(Conditions where, PlayerCommand.MarkFilter filter) {
    PlayerMark mark = filter.mark();
    if (mark == null) {
      where.add("mark IS " + (filter.excluded() ? "NULL" : "NOT NULL"));
    } else if (filter.excluded()) {
      where.add("(mark IS NULL OR mark <> ?)", mark.text());
    } else {
      where.add("mark = ?", mark.text());
    }
  }

  private static void addText(Conditions where, String text) {
    if (text.indexOf('@') > 0) {
      where.add("email = ?", ComparedText.email(text));
    } else {
      String key = PlayerStore.nameKey(text);
      String named = "name_key <> '' AND name_key >= ? AND name_key < ?";
      String last = key + PlayerStore.LAST_CHARACTER;
      if (NUMBER.matcher(text).matches()) {
        where.add("(id = ? OR (" + named + "))", Long.parseLong(text), key, last);
      } else {
        where.add(named, key, last);
      }
    }
  }
}
