package dev.rookery.node;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Database;
import dev.rookery.testkit.BulkFill;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Fills a database for {@link SocialListBench} with statements that count rows up, so that no
 * client is needed: 100,000 players with 1,000,000 friendships, 100,000 groups, messages of all
 * kinds, notifications and invites.
 *
 * <p>Every player has 20 friendships. {@link #PLAYER} has 500 friends, 100 friend requests of each
 * direction, 500 notifications and is in 50 groups; {@link #GROUP} has 10,000 members, as many join
 * requests and a tenth of all messages; {@link #PLAYER} and {@link #FRIEND} have written a
 * hundredth of them to each other.
 */
final class SocialListData {
  static final PlayerId PLAYER = new PlayerId(1);
  static final PlayerId FRIEND = new PlayerId(2);

  /** The owner of {@link #GROUP}, who has invited many. */
  static final PlayerId OWNER = new PlayerId(50_000);

  static final GroupId GROUP = new GroupId(1);
  static final LobbyId LOBBY = new LobbyId(1);
  static final PartyId PARTY = new PartyId(1);

  private static final int PLAYERS = 100_000;
  private static final int GROUPS = 100_000;

  private static final String PLAYER_ROWS =
      """
      INSERT INTO player (uuid, display_name, name_key, online, created_ms, updated_ms,
        lobby_id, party_id)
      SELECT 'uuid ' || n, 'Player ' || n, 'player ' || n, 0, n, n,
        CASE WHEN n <= 4 THEN 1 END, CASE WHEN n <= 4 THEN 1 END
      FROM number
      """;

  // Each player asked the ten who follow; the last of them is not answered, and one is blocked.
  private static final String FRIENDSHIPS =
      """
      INSERT INTO friendship (requester_id, target_id, state, created_ms, changed_ms)
      SELECT 1 + n %% %1$d, 1 + (n + 1 + n / %1$d) %% %1$d,
        CASE n / %1$d WHEN 9 THEN 'pending' WHEN 8 THEN 'blocked' ELSE 'accepted' END, n, n
      FROM number
      """
          .formatted(PLAYERS);

  private static final String FRIENDSHIPS_OF_PLAYER =
      """
      INSERT INTO friendship (requester_id, target_id, state, created_ms, changed_ms)
      SELECT CASE WHEN n % 2 = 0 THEN n + 1000 ELSE 1 END,
        CASE WHEN n % 2 = 0 THEN 1 ELSE n + 1000 END,
        CASE WHEN n <= 480 THEN 'accepted' WHEN n <= 680 THEN 'pending' ELSE 'blocked' END, n, n
      FROM number
      """;

  private static final String GROUP_ROWS =
      """
      INSERT INTO player_group (title, title_key, description, type, members_max, metadata,
        creator_id, slowdown_s, members, admins, created_ms, updated_ms)
      SELECT 'Guild ' || n, 'guild ' || n, '',
        CASE n %% 10 WHEN 0 THEN 'hidden' WHEN 1 THEN 'private' ELSE 'public' END,
        CASE n WHEN 1 THEN 10000 ELSE 1 + n %% 1000 END,
        CASE WHEN n %% 50000 = 7 THEN '{"mode":"rare"}' ELSE '{"mode":"duel"}' END,
        CASE n WHEN 1 THEN %1$d ELSE n END, 0, CASE n WHEN 1 THEN 10000 ELSE 1 END, 1, n, n
      FROM number
      """
          .formatted(OWNER.value());

  private static final String OWNERS =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT n, CASE n WHEN 1 THEN %1$d ELSE n END, 0, 1, 1 FROM number
      """
          .formatted(OWNER.value());

  private static final String MEMBERS =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT 1, n, CASE WHEN n < 10000 THEN 2 ELSE 3 END, n, CASE WHEN n < 10000 THEN n END
      FROM number
      """;

  private static final String REQUESTS =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms)
      SELECT 2 + n %% (%1$d - 1), 1 + (n + 7) %% %2$d, 3, n FROM number
      """
          .formatted(GROUPS, PLAYERS);

  private static final String GROUPS_OF_PLAYER =
      """
      INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
      SELECT n * 2000, 1, 2, 1, 1 FROM number
      """;

  private static final String GROUP_INVITES =
      """
      INSERT INTO group_invite (group_id, sender_id, recipient_id, state, created_ms)
      SELECT CASE WHEN n <= 100 THEN n * 3 ELSE 1 END,
        CASE WHEN n <= 100 THEN n * 3 ELSE %1$d END,
        CASE WHEN n <= 100 THEN 1 ELSE n + 60000 END, 'pending', n
      FROM number
      """
          .formatted(OWNER.value());

  private static final String PARTY_ROWS =
      """
      INSERT INTO party (leader_id, max_size, metadata, members, revision, created_ms, updated_ms)
      SELECT n, 4, '{}', 4, 1, 1, 1 FROM number
      """;

  private static final String PARTY_INVITES =
      """
      INSERT INTO party_invite (party_id, sender_id, recipient_id, state, created_ms, changed_ms)
      SELECT CASE WHEN n <= 20 THEN n + 1 ELSE 1 END,
        CASE WHEN n <= 20 THEN n + 1 ELSE %1$d END,
        CASE WHEN n <= 20 THEN 1 ELSE n + 60000 END, 'pending', n, n
      FROM number
      """
          .formatted(OWNER.value());

  private static final String LOBBY_ROWS =
      """
      INSERT INTO lobby (title, title_key, host_id, hostless, seats_max, hidden, locked, metadata,
        slowdown_s, members, revision, created_ms)
      SELECT 'Lobby ' || n, 'lobby ' || n, n, 0, 4, 0, 0, '{}', 0, 4, 1, 1 FROM number
      """;

  // Of a hundred messages one is between two friends, ten are in the busy group, 39 in other
  // groups, 30 between other friends, and ten each in lobbies and parties.
  private static final String MESSAGES =
      """
      INSERT INTO chat_message (kind, ref, sender_id, content, metadata, created_ms, updated_ms)
      SELECT
        CASE WHEN n %% 100 = 0 THEN 'direct' WHEN n %% 100 <= 49 THEN 'group'
          WHEN n %% 100 <= 79 THEN 'direct' WHEN n %% 100 <= 89 THEN 'lobby' ELSE 'party' END,
        CASE WHEN n %% 100 = 0 THEN 1 + n / 100 %% 2
          WHEN n %% 100 <= 10 THEN 1
          WHEN n %% 100 <= 49 THEN 2 + n * 7919 %% (%1$d - 2)
          WHEN n %% 100 <= 79 THEN 3 + n * 7919 %% (%2$d - 2)
          ELSE 1 + n * 7919 %% 1000 END,
        CASE WHEN n %% 100 = 0 THEN 2 - n / 100 %% 2
          WHEN n %% 100 BETWEEN 50 AND 79 THEN 2 + n * 7919 %% (%2$d - 2)
          ELSE 1 + n * 104729 %% %2$d END,
        'a message of the usual length, number ' || n, '{}', n, n
      FROM number
      """
          .formatted(GROUPS, PLAYERS);

  private static final String NOTIFICATIONS =
      """
      INSERT INTO notification (sender_id, recipient_id, title, content, metadata, created_ms,
        updated_ms)
      SELECT 1 + n / 500, CASE WHEN n <= 500 THEN 1 ELSE 2 + n %% (%1$d - 1) END,
        'Title ' || n, 'content', '{"type":"custom"}', n, n
      FROM number
      """
          .formatted(PLAYERS);

  private final Database database;
  private final BulkFill fill;
  private final long messages;

  SocialListData(Database database, long messages) {
    this.database = database;
    this.fill =
        new BulkFill(
            database,
            Set.of(
                "chat_message", "friendship", "group_membership", "notification", "player_group"));
    this.messages = messages;
  }

  long messages() {
    return messages;
  }

  List<Long> groupsOfPlayer() {
    return LongStream.rangeClosed(1, 50).map(n -> n * 2_000).boxed().toList();
  }

  void fill() {
    long start = System.nanoTime();
    fill.run(this::insertAll);
    System.out.println(
        "filled in " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
  }

  private void insertAll() {
    insert(PLAYER_ROWS, 1, PLAYERS);
    insert(FRIENDSHIPS, 0, 10L * PLAYERS - 1);
    insert(FRIENDSHIPS_OF_PLAYER, 1, 700);
    insert(GROUP_ROWS, 1, GROUPS);
    insert(OWNERS, 1, GROUPS);
    insert(MEMBERS, 1, 20_000);
    insert(REQUESTS, 1, 50_000);
    insert(GROUPS_OF_PLAYER, 1, 50);
    insert(GROUP_INVITES, 1, 1_100);
    insert(PARTY_ROWS, 1, 1_000);
    insert(PARTY_INVITES, 1, 1_020);
    insert(LOBBY_ROWS, 1, 1_000);
    insert(MESSAGES, 1, messages);
    insert(NOTIFICATIONS, 1, 500_000);
    database.write(
        tx ->
            tx.run(
                """
                INSERT INTO group_total (shard, type, total)
                SELECT 0, type, COUNT(*) FROM player_group GROUP BY type
                """));
  }

  private void insert(String statement, long first, long last) {
    fill.insert(first, last, statement);
  }
}
