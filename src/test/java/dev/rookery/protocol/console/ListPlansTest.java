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
 * How the lists of the console find their rows. The plans of SQLite are the same for an empty
 * database and for a million rows, so that a missing index is found without one.
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
          Map.entry("/admin/kv", List.of("q=a", "q=user:1", "q=lobby:1")),
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
          Map.entry("/admin/cluster", List.of("q=kind:match", "q=name:match/1")));

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
          "player_name",
          "player_created",
          "player_group_title_key",
          "match_seat_user");

  /**
   * Beginnings of statements that read all rows of what they select: the players, to say which part
   * of them has an achievement, and the entries, of which the collection of the console is the one
   * that has most. They stop at the time limit of reads for admins.
   */
  private static final List<String> ACCEPTED =
      List.of(
          "SELECT COUNT(*) AS total FROM player",
          "SELECT COUNT(*) AS total FROM (SELECT 1 FROM storage_object WHERE collection = ?1",
          "SELECT id, player_id, collection, object_key, lobby_id, value, metadata, version,"
              + " read_access, write_access, created_ms, updated_ms FROM storage_object"
              + " WHERE collection = ?1");

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
          for (String sql : statements.of(() -> admin.get(path))) {
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
  private static Optional<String> problem(String sql, List<String> plan) {
    String text = sql.replaceAll("\\s+", " ");
    if (ACCEPTED.stream().anyMatch(text::startsWith)) {
      return Optional.empty();
    }
    String steps = " in " + text + " by " + plan;
    String table = "";
    String found = "";
    for (String step : plan) {
      var access = ACCESS.matcher(step);
      if (access.matches()) {
        table = access.group(2);
        found = access.group(3) == null ? "" : access.group(3);
        boolean whole = access.group(1).equals("SCAN") && LARGE.contains(table);
        if (whole && !text.contains(" LIMIT ")) {
          return Optional.of("reads all of " + table + steps);
        }
        if (whole && found.isEmpty() && SELECTS_FEW.matcher(text).find()) {
          return Optional.of("looks for few rows in all of " + table + steps);
        }
      } else if (step.matches("USE TEMP B-TREE FOR (ORDER BY|DISTINCT)")
          && LARGE.contains(table)
          && !OF_FEW_ROWS.contains(found)) {
        return Optional.of("sorts rows of " + table + steps);
      }
    }
    return Optional.empty();
  }

  private static Connection connect(Databases.TestDatabase database) throws SQLException {
    var file = (DatabaseLocation.File) database.location();
    return DriverManager.getConnection("jdbc:sqlite:" + file.path());
  }

  private static List<String> plan(Connection connection, String sql) throws SQLException {
    var lines = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (rows.next()) {
        lines.add(rows.getString("detail"));
      }
    }
    return lines;
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
