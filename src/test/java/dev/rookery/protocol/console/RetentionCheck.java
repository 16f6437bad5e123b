package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Checks the page about retention, and that no sweep is missing on it, on a running node. */
record RetentionCheck(TestNode node, ConsoleBrowser admin, RestPlayer owner) {
  private static final String PAGE = "/admin/retention";
  private static final String API = "/api/v1/admin/retention";
  private static final Path SOURCES = Path.of("src/main/java/dev/rookery");

  private static final Pattern DELETE =
      Pattern.compile("DELETE FROM (\\w+)((?:(?!\"\"\"|;\n|DELETE FROM).)*)", Pattern.DOTALL);

  private static final Pattern BY_AGE = Pattern.compile("(?:_ms|minute|day) <=? \\$");

  /**
   * Tables of which only a row that is named is removed, on condition that it is old; and what a
   * server without a control plane does not have.
   */
  private static final Set<String> NOT_HERE =
      Set.of("game_version", "console_grant_end", "match_profile_call");

  /** Jobs that are there for something else than removing rows of a table. */
  private static final Set<String> OTHER_JOBS =
      Set.of(
          "backups of ended nodes",
          "broadcasts",
          "bulk jobs",
          "dead match sockets",
          "device digests",
          "drills",
          "due matches",
          "expired roles",
          "group notices",
          "group totals",
          "late presence",
          "leaderboards",
          "load tests",
          "lost members",
          "matchmaking",
          "moves of ended nodes",
          "party total",
          "postponed messages",
          "presence",
          "profile commits",
          "rooms by phase",
          "running matches by game",
          "sample data",
          "scheduled backups",
          "table statistics",
          "unused versions of games");

  void run() throws Exception {
    String sweep = "expired sessions";
    Eventually.holds(() -> jobs().contains(sweep) && jobs().contains("unused matches"));
    var page = admin.get(PAGE);
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body())
        .contains("Run now: " + sweep, "auth.sessionFor = 365d (default)", "Nobody has run a sweep")
        .doesNotContain(" style=", "<style");
    refusesWhatCannotRun();
    var asked = admin.submit(PAGE, PAGE + "/expired%20sessions/run");
    var done = admin.confirm(asked, "_typed", sweep, "_reason", "to see it");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
    Eventually.holds(() -> run(sweep).getString("ended_at") != null);
    assertThat(run(sweep).getString("problem")).isEmpty();
    assertThat(get("/api/v1/admin/audit?action=admin_run_sweep").encode())
        .contains("retention/" + sweep, "to see it");
    listsEverySweep();
  }

  private void refusesWhatCannotRun() throws Exception {
    assertThat(owner.post(API + "/none/run", new JsonObject()).status()).isEqualTo(404);
    String byWriters = "/guests,%20by%20the%20wire%20of%20Godra/run";
    assertThat(owner.post(API + byWriters, new JsonObject()).status()).isEqualTo(404);
    assertThat(get(API).getJsonArray("runs")).isEmpty();
  }

  private void listsEverySweep() throws Exception {
    JsonArray sweeps = get(API).getJsonArray("data");
    var names = new TreeSet<String>();
    var tables = new TreeSet<String>();
    for (int i = 0; i < sweeps.size(); i++) {
      names.add(sweeps.getJsonObject(i).getString("name"));
      JsonArray swept = sweeps.getJsonObject(i).getJsonArray("tables");
      for (int j = 0; j < swept.size(); j++) {
        JsonObject table = swept.getJsonObject(j);
        assertThat(table.getLong("rows")).as(table.encode()).isNotNull();
        tables.add(table.getString("table"));
      }
    }
    var missing = new TreeSet<>(jobs());
    missing.removeAll(names);
    missing.removeAll(OTHER_JOBS);
    missing.removeIf(name -> name.startsWith("consumer ") || name.contains("by state"));
    assertThat(missing).as("jobs that are neither a sweep nor known as something else").isEmpty();
    Set<String> removed = tablesWithRowsRemovedByAge();
    assertThat(removed).contains("session", "outbox", "metric_minute", "idempotency");
    assertThat(tables).as("a table from which rows are removed by age").containsAll(removed);
  }

  private static Set<String> tablesWithRowsRemovedByAge() throws Exception {
    var tables = new TreeSet<String>();
    try (var files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        var found = DELETE.matcher(Files.readString(file));
        while (found.find()) {
          if (BY_AGE.matcher(found.group(2)).find()) {
            tables.add(found.group(1));
          }
        }
      }
    }
    tables.removeAll(NOT_HERE);
    return tables;
  }

  private Set<String> jobs() {
    JsonArray jobs = get("/api/v1/admin/jobs").getJsonArray("data");
    var names = new TreeSet<String>();
    for (int i = 0; i < jobs.size(); i++) {
      names.add(jobs.getJsonObject(i).getString("name"));
    }
    return names;
  }

  private JsonObject run(String sweep) {
    JsonObject first = get(API).getJsonArray("runs").getJsonObject(0);
    assertThat(first.getString("sweep")).isEqualTo(sweep);
    return first;
  }

  private JsonObject get(String path) {
    try {
      return owner.get(path).body();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }
}
