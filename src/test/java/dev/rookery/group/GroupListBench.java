package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.group.GroupQuery.Filter;
import dev.rookery.group.GroupQuery.Order;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Benchmark: how long the lists of groups take with 100,000 groups, of which one has 10,000 members
 * and one player is a member of 50. Prints the mean time of each list on both databases.
 */
final class GroupListBench {
  private static final int GROUPS = 100_000;
  private static final int MEMBERS = 10_000;
  private static final int GROUPS_OF_PLAYER = 50;
  private static final int STEP = 10_000;
  private static final int REPEATS = 30;
  private static final PlayerId PLAYER = new PlayerId(1_000_000);

  private static final String FILL_GROUPS =
      """
      WITH RECURSIVE number (n) AS (
        SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $2)
      INSERT INTO player_group (title, title_key, description, type, members_max, metadata,
        creator_id, slowdown_s, members, admins, created_ms, updated_ms)
      SELECT 'Guild ' || n, 'guild ' || n, '', CASE WHEN n % 10 = 0 THEN 'hidden' ELSE 'public' END,
        1 + n % 1000, '{"mode":"duel"}', n, 0, 1, 1, n, n
      FROM number
      """;

  private static final String FILL_ADMINS =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT id, id, 0, 1, 1 FROM player_group WHERE id >= $1 AND id <= $2
      """;

  private static final String FILL_MEMBERS =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT 1, 200000 + id, 2, id, id FROM player_group WHERE id <= $1
      """;

  private static final String FILL_PLAYER =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT id, $1, 2, 1, 1 FROM player_group WHERE id % 2000 = 0 ORDER BY id LIMIT $2
      """;

  private GroupListBench() {}

  public static void main(String[] arguments) {
    Databases.all()
        .forEach(
            store -> {
              try (store) {
                fill(store);
                measure(store);
              }
            });
    System.exit(0);
  }

  private static void fill(TestStore store) {
    for (int from = 1; from <= GROUPS; from += STEP) {
      long first = from;
      long last = from + STEP - 1L;
      store
          .database()
          .write(
              tx -> {
                tx.run(FILL_GROUPS, first, last);
                tx.run(FILL_ADMINS, first, last);
                return null;
              });
    }
    store
        .database()
        .write(
            tx -> {
              tx.run(FILL_MEMBERS, (long) MEMBERS);
              tx.run(FILL_PLAYER, PLAYER.value(), (long) GROUPS_OF_PLAYER);
              tx.run(
                  """
                  INSERT INTO group_total (shard, type, total)
                  SELECT 0, type, COUNT(*) FROM player_group GROUP BY type
                  """);
              tx.run("ANALYZE");
              return null;
            });
  }

  private static void measure(TestStore store) {
    for (Order order : Order.values()) {
      for (int page : List.of(1, 2_000)) {
        time(
            store + " visible by " + order.name().toLowerCase(Locale.ROOT) + ", page " + page,
            () ->
                GroupListStore.visible(
                    store.database(), filter(null, order), new Page.Request(page, 25)));
      }
    }
    time(
        store + " visible by title prefix",
        () ->
            GroupListStore.visible(
                store.database(), filter("Guild 777", Order.NEWEST), new Page.Request(1, 25)));
    time(
        store + " all groups of a player",
        () -> GroupListStore.ofPlayer(store.database(), PLAYER, new Page.Request(1, 50)));
    var memberships = new MembershipStore();
    for (long offset : List.of(0L, MEMBERS - 100L)) {
      time(
          store + " members after " + offset,
          () -> memberships.members(store.database(), new GroupId(1), 100, offset));
    }
  }

  private static Filter filter(@Nullable String title, Order order) {
    return new Filter(title, null, null, null, null, null, order);
  }

  private static void time(String name, Runnable list) {
    list.run();
    long start = System.nanoTime();
    for (int i = 0; i < REPEATS; i++) {
      list.run();
    }
    double ms = (System.nanoTime() - start) / 1e6 / REPEATS;
    System.out.printf(Locale.ROOT, "%-60s %8.2f ms%n", name, ms);
  }
}
