package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * How the lists of the console and those of the API find their rows. The plans of SQLite are the
 * same for an empty database and for a million rows, so that a missing index is found without one.
 */
final class ListPlansTest {
  /** The lists, with each search and order that they offer. */
  private static final Map<String, List<String>> LISTS =
      Map.ofEntries(
          Map.entry(
              "/admin/users",
              List.of(
                  "q=eve",
                  "q=17",
                  "q=eve@example.com",
                  "q=is:online",
                  "q=-is:online",
                  "q=is:banned",
                  "q=is:admin",
                  "q=is:test",
                  "q=-is:sample",
                  "q=has:email",
                  "q=provider:steam",
                  "q=lobby:1",
                  "q=created:%3E2026-01-31",
                  "q=created:2026-01-31",
                  "sort=name",
                  "sort=-name",
                  "sort=id",
                  "sort=name&q=is:banned")),
          Map.entry("/admin/sessions", List.of("q=player:1")),
          Map.entry(
              "/admin/groups",
              List.of(
                  "q=a",
                  "q=type:private",
                  "q=size:10",
                  "sort=title",
                  "sort=-title",
                  "sort=updated",
                  "sort=size",
                  "sort=-size",
                  "sort=created",
                  "sort=title&q=type:private")),
          Map.entry("/admin/parties", List.of()),
          Map.entry(
              "/admin/lobbies",
              List.of("q=a", "q=is:hidden", "q=is:locked", "q=is:protected", "q=seats:4")),
          Map.entry("/admin/leaderboards", List.of("q=a", "q=is:active", "sort=ends")),
          Map.entry("/admin/achievements", List.of()),
          Map.entry(
              "/admin/kv",
              List.of("q=a", "q=user:1", "q=lobby:1", "q=scope:global", "q=scope:global+a")),
          Map.entry("/admin/notifications", List.of("q=a", "q=to:1", "q=from:1")),
          Map.entry(
              "/admin/chat",
              List.of(
                  "q=a",
                  "q=sender:1",
                  "q=type:lobby",
                  "q=type:lobby+ref:1",
                  "q=kind:lobby",
                  "sort=created")),
          Map.entry(
              "/admin/matches",
              List.of(
                  "q=room_1",
                  "q=state:active",
                  "q=state:closed",
                  "q=game:tic-tac-toe",
                  "q=game:tic-tac-toe+version:1",
                  "q=game:tic-tac-toe+state:closed",
                  "q=node:one",
                  "q=player:1")),
          Map.entry(
              "/admin/matchmaking",
              List.of("q=mode:duel", "q=region:eu", "q=size:2", "q=player:1")),
          Map.entry(
              "/admin/audit",
              List.of("q=admin:1", "q=action:admin_ban", "q=target:users/1", "q=result:done")),
          Map.entry("/admin/bulk", List.of()),
          Map.entry("/admin/views", List.of()),
          Map.entry("/admin/jobs", List.of()),
          Map.entry("/admin/email", List.of()),
          Map.entry("/admin/cluster", List.of("q=kind:match", "q=name:match/1")),
          Map.entry("/api/v1/users", List.of("q=eve", "q=17", "q=eve&page=2")),
          Map.entry(
              "/api/v1/lobbies",
              List.of("page=2", "title=a", "is_locked=true", "min_users=5", "metadata_key=mode")),
          Map.entry("/api/v1/groups", List.of("title=a", "sort_by=title")),
          Map.entry("/api/v1/admin/users", List.of("q=eve", "banned=true", "is_admin=true")),
          Map.entry("/api/v1/admin/sessions", List.of()),
          Map.entry(
              "/api/v1/admin/lobbies",
              List.of("title=a", "is_hidden=true", "is_locked=true", "max_users=4")),
          Map.entry(
              "/api/v1/admin/kv/entries",
              List.of(
                  "key=a",
                  "user_id=1",
                  "user_id=1&key=a",
                  "lobby_id=1",
                  "global_only=true",
                  "global_only=true&key=a")),
          Map.entry("/api/v1/admin/groups", List.of("title=a", "type=hidden")),
          Map.entry("/api/v1/admin/parties", List.of()),
          Map.entry("/api/v1/admin/notifications", List.of("title=a", "user_id=1")),
          Map.entry("/api/v1/admin/chat", List.of("content=a", "sender_id=1")));

  /** The tables that have a million rows where there are a million players. */
  private static final Set<String> LARGE =
      Set.of(
          "player",
          "session",
          "player_group",
          "notification",
          "chat_message",
          "storage_object",
          "match_room",
          "match_seat",
          "console_audit");

  /** The indexes whose rows of one value, or of one page, are few enough to be sorted. */
  private static final Set<String> OF_FEW_ROWS =
      Set.of(
          "session_open",
          "player_created",
          "player_by_name",
          "player_group_title_key",
          "match_seat_user",
          "sqlite_autoindex_match_room_1",
          "storage_object_global",
          "storage_object_key",
          "storage_object_name");

  /** Counts for the metrics of the node, which may run meanwhile. */
  private static final Pattern OF_METRICS =
      Pattern.compile(
          "SELECT (phase|game_key, game_version), COUNT\\(\\*\\) AS rooms FROM match_room.*");

  /** Selects all rows of the only collection that the lists have. */
  private static final Pattern COLLECTION = Pattern.compile("collection = \\?\\d+");

  private static final Pattern SELECTS_FEW =
      Pattern.compile(" FROM \\w+ WHERE [^()]*(IS NOT NULL|[^<>]= \\?)");
  private static final Pattern ACCESS =
      Pattern.compile(
          "(SCAN|SEARCH) (\\S+)(?: USING (?:COVERING )?INDEX (\\w+))?(?!.*INTEGER PRIMARY KEY).*");

  @Test
  void eachListFindsItsRowsByAnIndex() throws Exception {
    var statements = new Statements();
    try (var database = Databases.sqlite();
        var node = statements.recorded(() -> TestNode.start(database.shared()));
        Connection connection = connect(database)) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      var entry = JsonObject.of("key", "one", "value", JsonObject.of("n", 1));
      assertThat(owner.post("/api/v1/admin/kv/entries", entry).ok()).isTrue();
      var problems = new ArrayList<String>();
      int plans = 0;
      for (var list : LISTS.entrySet()) {
        for (String query : Stream.concat(Stream.of(""), list.getValue().stream()).toList()) {
          String path = list.getKey() + "?" + query;
          Work<?> get = () -> path.startsWith("/api/") ? owner.get(path) : admin.get(path);
          for (String sql : statements.of(get)) {
            plans++;
            problem(sql, plan(connection, sql)).ifPresent(what -> problems.add(path + ": " + what));
          }
        }
      }
      assertThat(problems).isEmpty();
      assertThat(plans).isGreaterThan(100);
    } finally {
      statements.close();
    }
  }

  /** What a statement would do with a million rows of a table. */
  private static Optional<String> problem(String sql, List<Step> plan) {
    String text = sql.replaceAll("\\s+", " ");
    if (OF_METRICS.matcher(text).matches()) {
      return Optional.empty();
    }
    String steps = " in " + text + " by " + plan.stream().map(Step::text).toList();
    // What is sorted are the rows of the last access in the same part of the statement.
    var tables = new HashMap<Integer, String>();
    var indexes = new HashMap<Integer, String>();
    for (Step step : plan) {
      var access = ACCESS.matcher(step.text);
      if (access.matches()) {
        String table = access.group(2);
        String found = access.group(3) == null ? "" : access.group(3);
        tables.put(step.parent, table);
        indexes.put(step.parent, found);
        boolean whole = access.group(1).equals("SCAN") && LARGE.contains(table);
        if (whole && !text.contains(" LIMIT ")) {
          return Optional.of("reads all of " + table + steps);
        }
        if (whole
            && found.isEmpty()
            && SELECTS_FEW.matcher(COLLECTION.matcher(text).replaceAll("")).find()) {
          return Optional.of("looks for few rows in all of " + table + steps);
        }
      } else if (step.text.matches("USE TEMP B-TREE FOR (ORDER BY|DISTINCT)")
          && LARGE.contains(tables.getOrDefault(step.parent, ""))
          && !OF_FEW_ROWS.contains(indexes.getOrDefault(step.parent, ""))) {
        return Optional.of("sorts rows of " + tables.get(step.parent) + steps);
      }
    }
    return Optional.empty();
  }

  private static Connection connect(Databases.TestDatabase database) throws SQLException {
    var file = (DatabaseLocation.File) database.location();
    return DriverManager.getConnection("jdbc:sqlite:" + file.path());
  }

  /**
   * A step of a plan.
   *
   * @param parent the step that it is a part of; 0 for none
   */
  private record Step(int parent, String text) {}

  private static List<Step> plan(Connection connection, String sql) throws SQLException {
    var steps = new ArrayList<Step>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (rows.next()) {
        steps.add(new Step(rows.getInt("parent"), rows.getString("detail")));
      }
    }
    return steps;
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  /** The statements that SQLite prepares, as its driver logs them. */
  private static final class Statements {
    private static final String PREPARED = "[SQLite EXEC] ";

    private final Logger log = (Logger) LoggerFactory.getLogger("org.sqlite.core.NativeDB");
    private final Level level = log.getLevel();
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();
    private final AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            String message = event.getFormattedMessage();
            int start = message.indexOf(PREPARED);
            if (start >= 0) {
              prepared.add(message.substring(start + PREPARED.length()));
            }
          }
        };

    <T> T recorded(Work<T> work) throws Exception {
      appender.setContext(log.getLoggerContext());
      appender.start();
      log.addAppender(appender);
      log.setAdditive(false);
      log.setLevel(Level.TRACE);
      return work.run();
    }

    Set<String> of(Work<?> work) throws Exception {
      prepared.clear();
      work.run();
      return new TreeSet<>(prepared);
    }

    void close() {
      log.detachAppender(appender);
      log.setAdditive(true);
      log.setLevel(level);
    }
  }
}
