package dev.rookery.sample;

import dev.rookery.sample.SampleRun.State;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The state of sample data, and what it consists of. */
final class SampleStore {
  private static final String FIND = "SELECT state, done, failures, counts FROM sample_run";

  // Anew after a removal; a run that is there stays as it is.
  private static final String BEGIN =
      """
      INSERT INTO sample_run (one, state, done, failures, counts, started_ms, updated_ms)
      VALUES (1, 'making', 0, 0, '{}', $1, $1)
      ON CONFLICT (one) DO UPDATE
        SET state = 'making', done = 0, failures = 0, counts = '{}', started_ms = $1,
          updated_ms = $1
        WHERE sample_run.state = 'removed'
      """;

  private static final String BEGIN_REMOVAL =
      """
      UPDATE sample_run SET state = 'removing', counts = '{}', updated_ms = $1
      WHERE state IN ('making', 'made')
      """;

  private static final String ADVANCE =
      """
      UPDATE sample_run SET done = done + 1, failures = 0, updated_ms = $1
      WHERE state = 'making' AND done = $2
      """;

  private static final String COUNT_FAILURE =
      "UPDATE sample_run SET failures = failures + 1 WHERE state = 'making' AND done = $1";

  private static final String END =
      "UPDATE sample_run SET state = $1, counts = $2, updated_ms = $3 WHERE state = $4";

  private static final String SET_COUNTS =
      "UPDATE sample_run SET counts = $1, updated_ms = $2 WHERE state = 'removing'";

  private static final String ADD =
      """
      INSERT INTO sample_thing (kind, name, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
      """;

  private static final String LIST_KIND =
      "SELECT kind, name, place FROM sample_thing WHERE kind = $1 ORDER BY place, name";

  private static final String LIST_SOME =
      "SELECT kind, name, place FROM sample_thing ORDER BY kind, place, name LIMIT $1";

  private static final String COUNT =
      "SELECT kind, COUNT(*) AS total FROM sample_thing GROUP BY kind";

  private static final String REMOVE = "DELETE FROM sample_thing WHERE kind = $1 AND name = $2";

  /** A row of the state. */
  record Stored(State state, int done, int failures, Map<String, Long> counts) {}

  /**
   * A thing of a kind.
   *
   * @param place from 0, among those of its kind
   */
  record Thing(Kind kind, String name, int place) {}

  /** What is recorded one by one. */
  enum Kind {
    GROUP("groups"),
    LOBBY("lobbies"),
    LEADERBOARD("leaderboards"),
    ACHIEVEMENT("achievements"),
    ENTRY("entries"),
    MATCH("matches");

    private final String plural;

    Kind(String plural) {
      this.plural = plural;
    }

    /** The name under which they are counted. */
    String plural() {
      return plural;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Database database;

  SampleStore(Database database) {
    this.database = database;
  }

  Optional<Stored> find() {
    return database
        .read(FIND)
        .first(
            row ->
                new Stored(
                    State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                    Math.toIntExact(row.number("done")),
                    Math.toIntExact(row.number("failures")),
                    counts(row.text("counts"))));
  }

  private static Map<String, Long> counts(String json) {
    var counts = new TreeMap<String, Long>();
    var read = new JsonObject(json);
    read.fieldNames().forEach(name -> counts.put(name, read.getLong(name)));
    return counts;
  }

  void begin() {
    database.write(tx -> tx.run(BEGIN, tx.now().toEpochMilli()).size());
  }

  void beginRemoval() {
    database.write(tx -> tx.run(BEGIN_REMOVAL, tx.now().toEpochMilli()).size());
  }

  /** Counts a portion as made, unless another node has. */
  void advance(int done) {
    database.write(tx -> tx.run(ADVANCE, tx.now().toEpochMilli(), done).size());
  }

  void countFailure(int done) {
    database.write(tx -> tx.run(COUNT_FAILURE, done).size());
  }

  /** Ends making or removing. */
  void end(State from, State to, Map<String, Long> counts) {
    database.write(
        tx -> tx.run(END, text(to), encoded(counts), tx.now().toEpochMilli(), text(from)).size());
  }

  void setRemoved(Map<String, Long> counts) {
    database.write(tx -> tx.run(SET_COUNTS, encoded(counts), tx.now().toEpochMilli()).size());
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String encoded(Map<String, Long> counts) {
    var json = new JsonObject();
    counts.forEach(json::put);
    return json.encode();
  }

  void add(Thing thing) {
    database.write(tx -> tx.run(ADD, thing.kind().text(), thing.name(), thing.place()).size());
  }

  List<Thing> list(Kind kind) {
    return database.read(LIST_KIND, kind.text()).all(SampleStore::thing);
  }

  List<Thing> listSome(int max) {
    return database.read(LIST_SOME, (long) max).all(SampleStore::thing);
  }

  /** How many there are, by {@link Kind#plural}. */
  Map<String, Long> count() {
    var counts = new TreeMap<String, Long>();
    database
        .read(COUNT)
        .all(row -> Map.entry(kind(row).plural(), row.number("total")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  void remove(Thing thing) {
    database.write(tx -> tx.run(REMOVE, thing.kind().text(), thing.name()).size());
  }

  private static Thing thing(Row row) {
    return new Thing(kind(row), row.text("name"), Math.toIntExact(row.number("place")));
  }

  private static Kind kind(Row row) {
    return Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
  }
}
