package dev.rookery.protocol.console;

import dev.rookery.store.Database;
import dev.rookery.testkit.BulkFill;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fills a database for {@link ConsoleListBench} with statements that count rows up: a million
 * players, and in proportion what the lists of the console show. What belongs to a player is spread
 * over all of them. Rows of players begin after the admins of the bench.
 */
final class ConsoleListData {
  private static final long PLAYERS = 1_000_000;

  /** A statement and how many rows it makes. */
  private record Rows(String statement, long count) {}

  private static final Map<String, Rows> TABLES = new LinkedHashMap<>();

  private static void rows(String table, long count, String columns, String values) {
    TABLES.put(
        table,
        new Rows(
            "INSERT INTO " + table + " (" + columns + ")\nSELECT " + values + " FROM number",
            count));
  }

  static {
    rows(
        "player",
        PLAYERS,
        "uuid, display_name, name_key, email, steam_id, online, created_ms, updated_ms,"
            + " last_seen_ms, banned_ms, ban_reason, lobby_id",
        """
        'uuid ' || n, 'Player ' || n, 'player ' || n,
        CASE WHEN n % 3 = 0 THEN 'player' || n || '@example.com' END,
        CASE WHEN n % 5 = 0 THEN 'steam' || n END,
        CASE WHEN n % 100 = 0 THEN 1 ELSE 0 END, 1700000000000 + n * 1000, 1, 1,
        CASE WHEN n % 1000 = 0 THEN 1 END, CASE WHEN n % 1000 = 0 THEN 'cheats' END,
        CASE WHEN n % 10 = 0 THEN n / 10 END\
        """);
    rows(
        "session",
        PLAYERS,
        "id, player_id, kind, created_ms, used_ms, expires_ms, ended_ms, user_agent, address",
        """
        'session ' || n, n, 'device', 1700000000000 + n, 1700000000000 + n, 4000000000000,
        CASE WHEN n % 4 = 0 THEN 1 END, 'agent', '127.0.0.1'\
        """);
    rows(
        "lobby",
        100_000,
        "title, title_key, host_id, hostless, seats_max, hidden, locked, metadata, slowdown_s,"
            + " members, revision, created_ms, updated_ms",
        """
        'Lobby ' || n, 'lobby ' || n, n * 10, 0, 4, CASE WHEN n % 50 = 0 THEN 1 ELSE 0 END,
        CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END, '{}', 0, 1, 1, n, n\
        """);
    rows(
        "storage_object",
        PLAYERS,
        "player_id, collection, object_key, lobby_id, value, metadata, version, bytes, read_access,"
            + " write_access, created_ms, updated_ms",
        "n, 'kv', 'save-' || n % 10, 0, '{\"gold\":' || n || '}', '{}', 'v', 20, 1, 1, n, n");
    rows(
        "chat_message",
        2 * PLAYERS,
        "kind, ref, sender_id, content, metadata, created_ms, updated_ms",
        """
        CASE WHEN n % 2 = 0 THEN 'lobby' ELSE 'group' END, 1 + n % 50000, 1 + n * 7919 % 1000000,
        'a message of the usual length, number ' || n, '{}', n, n\
        """);
    rows(
        "notification",
        PLAYERS,
        "sender_id, recipient_id, title, content, created_ms, updated_ms",
        "1 + n % 1000, n, 'Title ' || n % 100, 'content', n, n");
    rows(
        "player_group",
        100_000,
        "title, title_key, description, type, members_max, metadata, creator_id, slowdown_s,"
            + " members, admins, created_ms, updated_ms",
        """
        'Guild ' || n, 'guild ' || n, '',
        CASE n % 10 WHEN 0 THEN 'hidden' WHEN 1 THEN 'private' ELSE 'public' END,
        1 + n % 100, '{}', n, 0, 1, 1, n, n\
        """);
    rows(
        "group_membership",
        300_000,
        "group_id, player_id, role, created_ms, joined_ms",
        "1 + n % 100000, n, CASE WHEN n < 100000 THEN 0 ELSE 2 END, 1, 1");
    rows(
        "party",
        50_000,
        "leader_id, max_size, metadata, members, revision, created_ms, updated_ms",
        "n, 4, '{}', 1, 1, n, n");
    rows(
        "friendship",
        PLAYERS,
        "requester_id, target_id, state, created_ms, changed_ms",
        """
        n, 1 + (n + n / 1000) % 1000000,
        CASE n % 10 WHEN 0 THEN 'pending' WHEN 1 THEN 'blocked' ELSE 'accepted' END, n, n\
        """);
    rows(
        "leaderboard",
        100,
        "slug, title, sort_order, operator, metadata, created_ms, updated_ms",
        "'board-' || n, 'Board ' || n, 'desc', 'best', '{}', n, n");
    rows(
        "leaderboard_record",
        PLAYERS,
        "board_id, player_id, score, subscore, order_score, order_subscore, submissions, revision,"
            + " metadata, created_ms, updated_ms",
        "1, n, n * 7919 % 1000003, 0, -1 - n * 7919 % 1000003, -1, 1, 1, '{}', n, n");
    rows(
        "match_room",
        200_000,
        "room_id, game_key, game_version, host_user, phase, target_capacity, seed, revision,"
            + " actions, created_ms, touched_ms",
        """
        'room_' || n, CASE WHEN n % 2 = 0 THEN 'tic-tac-toe' ELSE 'quiz' END, 'v' || n % 3,
        CAST(n AS TEXT), CASE n % 10 WHEN 0 THEN 'active' WHEN 1 THEN 'lobby' ELSE 'closed' END,
        2, 's', 1, 1, n, 4000000000000 + n\
        """);
    rows(
        "match_seat",
        400_000,
        "room_id, seat_index, user_key, user_name, ready",
        "'room_' || (1 + (n - 1) / 2), (n - 1) % 2, CAST(n AS TEXT), 'Player ' || n, 1");
    rows(
        "console_audit",
        500_000,
        "run, number, at_ms, actor, player_id, session, address, permission, action, target,"
            + " reason, details, request_id, result, hash",
        """
        -1, n, 1700000000000 + n, 'console', 1 + n % 20, 's', '127.0.0.1', 'players.ban',
        CASE WHEN n % 1000 = 0 THEN 'admin_ban_user' ELSE 'admin_update_user' END, 'users/' || n,
        '', '{}', 'r', CASE WHEN n % 5000 = 0 THEN 'missing_permission' ELSE 'done' END, 'h'\
        """);
  }

  private final Database database;

  ConsoleListData(Database database) {
    this.database = database;
  }

  boolean isEmpty() {
    return database.read("SELECT id FROM player LIMIT 1").isEmpty();
  }

  void fill() {
    long start = System.nanoTime();
    var fill = new BulkFill(database, TABLES.keySet());
    fill.run(() -> TABLES.forEach((_, rows) -> fill.insert(1, rows.count(), rows.statement())));
    database.write(
        tx ->
            tx.run(
                """
                INSERT INTO group_total (shard, type, total)
                SELECT 0, type, COUNT(*) FROM player_group GROUP BY type
                """));
    System.out.println(
        "filled in " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
  }
}
