package dev.rookery.loadrun;

import dev.rookery.base.Refused;
import dev.rookery.loadrun.LoadStore.Counters;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the process of one run: stores each second of it, and decides when it ends. */
final class LoadFollower {
  private static final Duration SECOND = Duration.ofMillis(1_500);
  private static final Duration BESIDE = Duration.ofSeconds(90);
  private static final int UNSTORED_MAX = 20;
  private static final double SECOND_MS = 1_000;

  private final Database database;
  private final LoadStore store;
  private final ServerFigures figures;
  private final LoadRun run;
  private final RunBounds bounds;
  private final List<Long> players = new ArrayList<>();
  private Counters counters = new Counters(0, 0, "");
  private @Nullable JsonObject result;
  private int second;
  private int unstored;
  private boolean goesOn = true;

  LoadFollower(Database database, LoadStore store, ServerFigures figures, LoadRun run) {
    this.database = database;
    this.store = store;
    this.figures = figures;
    this.run = run;
    this.bounds = new RunBounds(run.plan().p99MaxMs());
  }

  /** Returns why the run ends; blocks until then. */
  String follow(GeneratorProcess process, BooleanSupplier stopping) throws InterruptedException {
    Duration longest = run.plan().ramp().plus(run.plan().time()).plus(BESIDE);
    long started = System.nanoTime();
    figures.take();
    while (System.nanoTime() - started < longest.toNanos()) {
      String line = process.next(SECOND);
      if (stopping.getAsBoolean()) {
        return "node_stopped";
      }
      String outcome = line == null ? heartbeat() : take(line);
      if (!outcome.isEmpty()) {
        return outcome;
      }
    }
    return "too_long";
  }

  /** Takes the lines that the process printed at its end, for the players that they name. */
  void finish(GeneratorProcess process) throws InterruptedException {
    String line = process.next(SECOND);
    while (line != null && !line.equals(GeneratorProcess.END)) {
      JsonObject json = parse(line);
      if (json != null) {
        count(json);
      }
      line = process.next(SECOND);
    }
    heartbeat();
  }

  private String take(String line) {
    if (line.equals(GeneratorProcess.END)) {
      return "generator_ended";
    }
    JsonObject json = parse(line);
    if (json == null) {
      // A message of the process about why it ends.
      counters = new Counters(counters.answered(), counters.errors(), line);
      return "";
    }
    count(json);
    if (!json.containsKey("result")) {
      return second(json);
    }
    result = json.getJsonObject("result");
    heartbeat();
    return "done";
  }

  private static @Nullable JsonObject parse(String line) {
    try {
      return line.startsWith("{") ? new JsonObject(line) : null;
    } catch (DecodeException _) {
      return null;
    }
  }

  private void count(JsonObject json) {
    JsonArray signedIn = json.getJsonArray("players", new JsonArray());
    for (int i = 0; i < signedIn.size(); i++) {
      players.add(signedIn.getLong(i));
    }
    String error = json.getString("first_error");
    counters =
        new Counters(
            json.getLong("answered"),
            json.getLong("errors"),
            error == null ? counters.firstError() : error);
  }

  private String second(JsonObject json) {
    Map<String, Double> server = figures.take();
    var now =
        new LoadSecond(
            ++second,
            json.getDouble("requests_per_second"),
            json.getDouble("p99_ms"),
            counters.errors(),
            server.getOrDefault("http.requests", Double.NaN),
            server.getOrDefault("http.p99", Double.NaN) * SECOND_MS,
            server.getOrDefault("loop.max", Double.NaN) * SECOND_MS,
            server.getOrDefault("cpu.process", Double.NaN));
    if (!store(tx -> goesOn = store.add(tx, run.id(), now, counters, players))) {
      return unstored > UNSTORED_MAX ? "database_away" : "";
    }
    return goesOn ? bounds.check(now, counters.answered()) : "cancelled";
  }

  private String heartbeat() {
    if (!store(this::update)) {
      return unstored > UNSTORED_MAX ? "database_away" : "";
    }
    return goesOn ? "" : "cancelled";
  }

  private void update(Transaction tx) {
    JsonObject measured = result;
    if (measured != null) {
      store.setResult(
          tx,
          run.id(),
          measured.getString("unit"),
          measured.getDouble("per_second"),
          measured.getDouble("p50_ms"),
          measured.getDouble("p99_ms"));
    }
    goesOn = store.update(tx, run.id(), counters, players);
  }

  /**
   * Players who are not stored yet are stored with the next call.
   *
   * @param work stores the players too
   */
  private boolean store(Consumer<Transaction> work) {
    try {
      database.write(
          tx -> {
            work.accept(tx);
            return true;
          });
      players.clear();
      unstored = 0;
      return true;
    } catch (Refused unavailable) {
      unstored++;
      return false;
    }
  }
}
