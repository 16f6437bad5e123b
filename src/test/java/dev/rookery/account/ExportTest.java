package dev.rookery.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.account.AccountCommand.ExportChunk;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.GroupCommand;
import dev.rookery.leaderboard.Board.Operator;
import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.RecordOwner.OfPlayer;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.match.MatchCommand;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.matchmaking.TicketPlayer;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.notification.NotificationKind;
import dev.rookery.player.PlayerCommand;
import dev.rookery.storage.Asker;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageCommand;
import dev.rookery.store.Dialect;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A data export contains all stored data of a player, and deletion removes all of it. */
final class ExportTest {
  private static final String EMAIL = "ann@example.com";
  private static final String DEVICE = "a-device-that-opens-the-account";
  private static final String AGENT = AccountNode.CLIENT.userAgent();

  /** Columns that refer to a player, and the export section that contains them. */
  private static final Map<String, String> SECTION_OF_COLUMN =
      Map.ofEntries(
          Map.entry("session.player_id", "sessions"),
          // Names two of the sessions.
          Map.entry("play_session.player_id", "sessions"),
          Map.entry("mail_token.player_id", "letters"),
          Map.entry("provider_flow.player_id", "provider_sign_ins"),
          Map.entry("notification.sender_id", "notifications_sent"),
          Map.entry("notification.recipient_id", "notifications"),
          Map.entry("notification_mute.player_id", "muted_notifications"),
          Map.entry("personal_mute.player_id", "personal_mutes"),
          Map.entry("presence.player_id", "profile: is_online"),
          Map.entry("friendship.requester_id", "friendships"),
          Map.entry("friendship.target_id", "friendships"),
          Map.entry("player_group.creator_id", "groups"),
          Map.entry("group_membership.player_id", "groups"),
          Map.entry("group_invite.sender_id", "group_invites"),
          Map.entry("group_invite.recipient_id", "group_invites"),
          // For seconds, until it is stored for each member.
          Map.entry("group_notice.sender_id", "notifications_sent"),
          Map.entry("party.leader_id", "party"),
          Map.entry("party_invite.sender_id", "party_invites"),
          Map.entry("party_invite.recipient_id", "party_invites"),
          Map.entry("lobby.host_id", "lobbies: is_host"),
          Map.entry("spectator.player_id", "lobbies: as spectator"),
          Map.entry("chat_message.sender_id", "chat_messages"),
          Map.entry("postponed_message.sender_id", "chat_messages: counted for seconds"),
          Map.entry("chat_read.player_id", "read_positions"),
          Map.entry("chat_pace.player_id", "last_written"),
          Map.entry("chat_case.player_id", "chat_cases"),
          Map.entry("chat_mute.player_id", "chat_mutes"),
          Map.entry("player_achievement.player_id", "achievements"),
          Map.entry("storage_object.player_id", "stored_objects"),
          Map.entry("storage_usage.player_id", "stored_objects: their sum"),
          Map.entry("match_ticket_player.player_id", "matchmaking_tickets"),
          Map.entry("leaderboard_record.player_id", "leaderboard_records"),
          Map.entry("console_grant.player_id", "console"),
          Map.entry("console_session.player_id", "console"),
          // Ids stay in the log when the player is deleted; there are no names in it.
          Map.entry("console_audit.player_id", "console"),
          Map.entry("player_note.player_id", "console: notes"),
          Map.entry("console_key.player_id", "console"),
          Map.entry("console_passkey.player_id", "console"),
          // That they were made is in the log.
          Map.entry("broadcast.sender_id", "console: actions"),
          Map.entry("console_invite.player_id", "console: actions"),
          // When and why a role ends.
          Map.entry("console_grant_end.player_id", ""),
          Map.entry("console_oidc_role.player_id", ""),
          // Who was connected in a drill, and players that a load test has made: ids alone.
          Map.entry("drill_player.player_id", ""),
          Map.entry("load_player.player_id", ""),
          // Secrets of sign-ins.
          Map.entry("console_factor.player_id", ""),
          Map.entry("console_challenge.player_id", ""),
          Map.entry("console_api_code.player_id", ""),
          Map.entry("console_api_factor.player_id", ""),
          Map.entry("console_failure.player_id", ""),
          Map.entry("console_oidc_session.player_id", ""),
          Map.entry("console_recovery_code.player_id", ""),
          // Stored answers of the last day repeat data of the other sections.
          Map.entry("idempotency.player_id", ""));

  private AccountNode node;
  private TokenPair ann;
  private LobbyId lobby;

  @AfterEach
  void close() {
    if (node != null) {
      node.close();
    }
  }

  private void createPlayerWithData(TestStore store) {
    node = new AccountNode(store);
    var bob = node.signIn("bob's device");
    ann = node.signIn(DEVICE);
    PlayerId me = ann.player();
    node.ask(new PlayerCommand.Rename(me, "Ann"));
    store
        .database()
        .write(
            tx ->
                tx.run(
                        """
                        UPDATE player SET email = $1, password_hash = '$argon2id$secret',
                          google_id = 'google-1', banned_ms = 1000, banned_until_ms = 2000,
                          ban_reason = 'Rude words'
                        WHERE id = $2 RETURNING id
                        """,
                        EMAIL,
                        me.value())
                    .size());
    lobby = node.openLobby(bob.player());
    node.ask(new LobbyCommand.Join(lobby, me, null));
    var here = new Conversation(Conversation.Kind.LOBBY, lobby.value());
    var message = node.ask(new ChatCommand.Send(me, here, "Hello there", Map.of(), "once"));
    node.ask(new ChatCommand.MarkRead(me, here, message.id()));
    node.ask(new FriendCommand.Request(me, bob.player(), "twice"));
    node.sendNotification(me, bob.player());
    var settings =
        new GroupCommand.Settings("Hello group", "Ann and others", null, null, null, null);
    var group = node.ask(new GroupCommand.Create(me, settings, null));
    node.ask(new GroupCommand.Invite(me, group.id(), bob.player()));
    node.sendNotification(bob.player(), me);
    node.ask(
        new AchievementCommand.Create(
            new AchievementCommand.Fields("won", "Won", "", "", 0, false, 5, Map.of())));
    node.ask(new NotificationCommand.Mute(me, List.of(NotificationKind.GROUP_INVITE)));
    node.ask(new PlayerCommand.ChooseTimeZone(me, "Asia/Tokyo"));
    node.ask(new AchievementCommand.Increment(me, "won", 2, me, "fourth"));
    var save = new ObjectName("saves", "slot 1", me, null);
    var put = new Change.Put(save, "{\"to\":\"Hello\"}", "{}", null, null, Condition.ALWAYS);
    node.ask(new StorageCommand.Write(new Asker(me, false), List.of(put), true, "thrice"));
    node.ask(new MatchCommand.Open(MatchCommand.user(me), null));
    var party = List.of(new TicketPlayer(me, "uuid", "Ann", 25, 8));
    node.ask(new MatchmakingCommand.CreateTicket(party, new Criteria("duel", "eu", 2)));
    var board =
        node.ask(
            new LeaderboardCommand.Create(
                "kills", "Kills", null, SortOrder.DESC, Operator.BEST, null, null, null, null));
    node.ask(
        new LeaderboardCommand.Submit(
            BoardRef.of(board.id()), new OfPlayer(me), 77, 0, null, me, "submitted"));
    node.ask(new EmailCommand.RequestPasswordReset(EMAIL, AccountNode.CLIENT));
    Eventually.holds(() -> !cells(store, "mail_token").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void exportContainsAllStoredDataAndNoSecrets(TestStore store) {
    createPlayerWithData(store);

    String file = exportText(ann.player());

    var export = new JsonObject(file);
    var profile = export.getJsonArray("profile").getJsonObject(0);
    assertThat(profile.getString("email")).isEqualTo(EMAIL);
    assertThat(profile.getString("display_name")).isEqualTo("Ann");
    assertThat(profile.getBoolean("has_password")).isTrue();
    assertThat(profile.getString("time_zone")).isEqualTo("Asia/Tokyo");
    assertThat(onlyRow(export, "muted_notifications").getString("kind")).isEqualTo("group_invite");
    assertThat(export.getJsonArray("devices").encode()).isEqualTo("[{\"begins_with\":\"a-de\"}]");
    assertThat(export.getJsonArray("linked_providers").encode())
        .isEqualTo("[{\"provider\":\"google\",\"id\":\"google-1\"}]");
    assertThat(export.getJsonArray("bans").getJsonObject(0).getString("reason"))
        .isEqualTo("Rude words");
    assertThat(onlyRow(export, "sessions").getString("user_agent")).isEqualTo(AGENT);
    assertThat(onlyRow(export, "letters").getString("sent_to")).isEqualTo(EMAIL);
    assertThat(onlyRow(export, "notifications").getString("title")).isEqualTo("Hello");
    assertThat(export.getJsonArray("notifications_sent").stream())
        .extracting(sent -> ((JsonObject) sent).getString("title"))
        .containsExactly("New Friend Request", "Hello", "New Group Invite");
    assertThat(onlyRow(export, "friendships").getString("status")).isEqualTo("pending");
    assertThat(onlyRow(export, "groups").getString("title")).isEqualTo("Hello group");
    assertThat(onlyRow(export, "group_invites").getString("status")).isEqualTo("pending");
    assertThat(onlyRow(export, "lobbies").getLong("id")).isEqualTo(lobby.value());
    assertThat(onlyRow(export, "chat_messages").getString("content")).isEqualTo("Hello there");
    assertThat(onlyRow(export, "read_positions").getLong("chat_ref_id")).isEqualTo(lobby.value());
    assertThat(onlyRow(export, "leaderboard_records").getLong("score")).isEqualTo(77);
    assertThat(onlyRow(export, "achievements").getInteger("progress")).isEqualTo(2);
    assertThat(onlyRow(export, "matches").getBoolean("host")).isTrue();
    assertThat(onlyRow(export, "stored_objects").getString("key")).isEqualTo("slot 1");
    assertThat(onlyRow(export, "matchmaking_tickets").getString("mode")).isEqualTo("duel");
    assertThat(file)
        .doesNotContain(
            "argon2id", DEVICE, node.tokens().readAccess(ann.accessToken()).session().value());
    assertThat(column(store, "mail_token", "digest")).isNotEmpty().noneMatch(file::contains);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void longExportIsChunkedAndContainsEachRowOnce(TestStore store) {
    node = new AccountNode(store);
    ann = node.signIn("device");
    long me = ann.player().value();
    store
        .database()
        .write(
            tx -> {
              for (int i = 1; i <= 250; i++) {
                tx.run(
                    """
                    INSERT INTO chat_message
                      (kind, ref, sender_id, content, metadata, created_ms, updated_ms)
                    VALUES ('lobby', $1, $2, $3, '{}', 1, 1)
                    """,
                    i,
                    me,
                    "message " + i);
                tx.run(
                    """
                    INSERT INTO chat_read (kind, ref, player_id, message_id, updated_ms)
                    VALUES ('lobby', $1, $2, NULL, 1)
                    """,
                    i,
                    me);
              }
              return tx;
            });

    var chunks = exportChunks(ann.player());

    assertThat(chunks).hasSizeGreaterThan(15).allMatch(chunk -> chunk.length() < 50_000);
    var export = new JsonObject(String.join("", chunks));
    assertThat(export.getJsonArray("chat_messages").stream())
        .extracting(row -> ((JsonObject) row).getString("content"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 250).mapToObj(i -> "message " + i).toList());
    assertThat(export.getJsonArray("read_positions").stream())
        .extracting(row -> ((JsonObject) row).getInteger("chat_ref_id"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 250).boxed().toList());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void exportContainsAllThatTheConsoleKeeps(TestStore store) {
    node = new AccountNode(store);
    ann = node.signIn("device");
    long me = ann.player().value();
    store
        .database()
        .write(
            tx -> {
              for (int note = 1; note <= 500; note++) {
                tx.run(
                    "INSERT INTO player_note (player_id, author_id, text, created_ms)"
                        + " VALUES ($1, 2, $2, 1)",
                    me,
                    "note " + note);
              }
              tx.run(
                  """
                  INSERT INTO console_passkey (id, player_id, name, credential, counter,
                    backup_eligible, created_ms, used_ms)
                  VALUES ('credential-id', $1, 'Laptop', 'public-key', 0, 0, 1000, 0)
                  """,
                  me);
              return tx.run(
                  """
                  INSERT INTO console_key (id, digest, player_id, name, permissions, networks,
                    dangerous, created_ms, expires_ms, used_ms, used_address)
                  VALUES ('key-id', 'key-digest', $1, 'Builds', 'players.read', '', 0, 1000, 2000,
                    1500, '192.0.2.1')
                  """,
                  me);
            });

    String file = exportText(ann.player());

    var rows =
        new JsonObject(file).getJsonArray("console").stream().map(JsonObject.class::cast).toList();
    assertThat(rows).filteredOn(row -> row.getString("kind").equals("note")).hasSize(500);
    assertThat(rows)
        .contains(
            JsonObject.of(
                "kind", "passkey", "name", "Laptop", "since", "1970-01-01T00:00:01Z", "used", ""))
        .anyMatch(row -> "Builds".equals(row.getString("name")));
    assertThat(file).doesNotContain("credential-id", "public-key", "key-digest");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void limitsExportsPerPlayer(TestStore store) {
    node = new AccountNode(store);
    ann = node.signIn("device");
    for (int i = 0; i < 3; i++) {
      exportChunks(ann.player());
    }

    assertThat(node.bus().refusal(new AccountCommand.ExportData(ann.player(), null)))
        .isInstanceOfSatisfying(
            Limited.class, limited -> assertThat(limited.code()).isEqualTo("too_many_exports"));
    assertThat(node.bus().refusal(new AccountCommand.ExportData(new PlayerId(99), null)))
        .isEqualTo(new Missing("not_found"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletionLeavesNoDataInAnyTable(TestStore store) {
    createPlayerWithData(store);
    node.ask(new AuthCommand.SignOutAll(ann.player(), null));

    node.ask(new AccountCommand.Delete(ann.player()));

    for (String column : findPlayerColumns(store)) {
      String[] parts = column.split("\\.", -1);
      if (!parts[0].equals("session")) {
        assertThat(
                store
                    .database()
                    .read(
                        "SELECT 1 AS one FROM %s WHERE %s = $1".formatted(parts[0], parts[1]),
                        ann.player().value())
                    .size())
            .as(column)
            .isZero();
      }
    }
    for (String table : tables(store)) {
      // Events are deleted from the outbox within minutes.
      if (!table.equals("outbox")) {
        assertThat(cells(store, table))
            .as(table)
            .noneMatch(
                cell -> cell.contains(EMAIL) || cell.contains("Hello") || cell.contains("Ann"));
      }
    }
    // Session rows stay for a minute, so that every node learns that they ended.
    assertThat(
            store
                .database()
                .read(
                    "SELECT address, user_agent FROM session WHERE player_id = $1 AND expires_ms <"
                        + " $2",
                    ann.player().value(),
                    store.clock().millis() + 60_001)
                .all(row -> row.text("address") + row.text("user_agent")))
        .containsExactly("");
  }

  /** A new column that refers to a player must be listed with its export section. */
  @Test
  void everyPlayerColumnHasAnExportSection() {
    try (var store = TestStore.open(Databases.sqlite())) {
      assertThat(findPlayerColumns(store))
          .containsExactlyInAnyOrderElementsOf(SECTION_OF_COLUMN.keySet());
    }
  }

  private static List<String> findPlayerColumns(TestStore store) {
    var found = new ArrayList<String>();
    for (String table : tables(store)) {
      columns(store, table).stream()
          .filter(
              column ->
                  column.matches(
                      "(player|sender|recipient|host|leader|owner|creator|requester|target|user)_id"))
          .forEach(column -> found.add(table + "." + column));
    }
    return found;
  }

  private static List<String> tables(TestStore store) {
    String sql =
        store.database().dialect() == Dialect.SQLITE
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            : "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables"
                + " WHERE table_schema = 'public'";
    return store.database().read(sql).all(row -> row.text("name")).stream()
        .filter(table -> !table.startsWith("flyway"))
        .toList();
  }

  private static List<String> columns(TestStore store, String table) {
    String sql =
        store.database().dialect() == Dialect.SQLITE
            ? "SELECT name FROM pragma_table_info($1)"
            : "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns"
                + " WHERE table_schema = 'public' AND table_name = $1";
    return store.database().read(sql, table).all(row -> row.text("name"));
  }

  /** Returns all cells of a table as text. */
  private static List<String> cells(TestStore store, String table) {
    var cells = new ArrayList<String>();
    for (String column : columns(store, table)) {
      cells.addAll(column(store, table, column));
    }
    return cells;
  }

  private static List<String> column(TestStore store, String table, String column) {
    return store
        .database()
        .read("SELECT COALESCE(CAST(%s AS TEXT), '') AS cell FROM %s".formatted(column, table))
        .all(row -> row.text("cell"));
  }

  private static JsonObject onlyRow(JsonObject export, String section) {
    JsonArray rows = export.getJsonArray(section);
    assertThat(rows).as(section).hasSize(1);
    return rows.getJsonObject(0);
  }

  private String exportText(PlayerId player) {
    return String.join("", exportChunks(player));
  }

  private List<String> exportChunks(PlayerId player) {
    var chunks = new ArrayList<String>();
    ExportChunk chunk = node.ask(new AccountCommand.ExportData(player, null));
    chunks.add(chunk.json());
    while (chunk.next() != null) {
      chunk = node.ask(new AccountCommand.ExportData(player, chunk.next()));
      chunks.add(chunk.json());
    }
    return chunks;
  }
}
