package dev.rookery.protocol.console;

import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchQuery.Moment;
import dev.rookery.match.MatchQuery.PastMatch;
import dev.rookery.match.MatchQuery.PastStep;
import dev.rookery.match.MatchQuery.SnapshotCheck;
import dev.rookery.match.MatchQuery.TimelineEntry;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A match at a revision as its page shows it.
 *
 * @param seat whose view it is: a player of the game, or {@value #PUBLIC}
 * @param seats that can be chosen; only the public one without the permission for secrets
 * @param state JSON text
 */
record MatchMoment(
    long at,
    long last,
    String seat,
    List<String> seats,
    List<Fact> facts,
    String state,
    List<JsonChanges.Change> changes,
    ListView entries) {
  static final String PUBLIC = "public";

  private static final int STATE_MAX = 40_000;
  private static final int PAYLOAD_MAX = 200;

  /**
   * @param secrets whether the views of seats and what players sent are shown
   * @param path of the page, whose links lead to other revisions
   */
  static MatchMoment of(Moment moment, String wantedSeat, boolean secrets, String path) {
    PastMatch match = moment.match();
    Snapshot snapshot = match.snapshot();
    List<String> seats =
        secrets
            ? Stream.concat(Stream.of(PUBLIC), snapshot.views().keySet().stream().sorted()).toList()
            : List.of(PUBLIC);
    String seat = seats.contains(wantedSeat) ? wantedSeat : PUBLIC;
    Snapshot before = moment.before();
    String view = view(snapshot, seat);
    return new MatchMoment(
        match.revision(),
        moment.lastRevision(),
        seat,
        seats,
        facts(match),
        pretty(view),
        before == null ? List.of() : JsonChanges.between(view(before, seat), view),
        entries(moment, seat, secrets, path));
  }

  private static String view(Snapshot snapshot, String seat) {
    return seat.equals(PUBLIC)
        ? snapshot.publicView()
        : snapshot.views().getOrDefault(seat, snapshot.publicView());
  }

  private static String pretty(String json) {
    String text;
    try {
      Object value = Json.decodeValue(json);
      text =
          switch (value) {
            case JsonObject object -> object.encodePrettily();
            case JsonArray array -> array.encodePrettily();
            case null, default -> json;
          };
    } catch (DecodeException _) {
      text = json;
    }
    return text.length() <= STATE_MAX ? text : text.substring(0, STATE_MAX) + "…";
  }

  private static List<Fact> facts(PastMatch match) {
    Snapshot snapshot = match.snapshot();
    var position = new JsonObject(snapshot.position());
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("Revision", Cell.number(match.revision())));
    facts.add(Fact.of("Actions so far", Cell.number(match.actions())));
    facts.add(Fact.of("Turn", Cell.text(text(position, "turn"))));
    facts.add(Fact.of("May act", Cell.text(String.join(", ", snapshot.activePlayers()))));
    facts.add(Fact.of("Deadline", Cell.time(snapshot.deadline())));
    facts.add(Fact.of("Result", Cell.text(snapshot.hasResult() ? snapshot.result() : "none yet")));
    facts.add(Fact.of("State, SHA-256", Cell.code(match.digest())));
    facts.add(Fact.of("Stored snapshots", check(match.checks())));
    return List.copyOf(facts);
  }

  private static String text(JsonObject json, String name) {
    Object value = json.getValue(name);
    return value == null ? "" : value.toString();
  }

  private static Cell check(List<SnapshotCheck> checks) {
    if (checks.stream().anyMatch(check -> !check.same())) {
      return Cell.badge("the log gives another state", "bad");
    }
    return checks.isEmpty()
        ? Cell.text("none here yet; computed from the beginning of the log")
        : Cell.badge(
            checks.size() == 1 ? "hash verified" : checks.size() + " hashes verified", "good");
  }

  private static ListView entries(Moment moment, String seat, boolean secrets, String path) {
    var columns = new ArrayList<Column>();
    columns.add(Column.of("Revision", 1));
    columns.add(Column.of("Player", 1));
    columns.add(Column.of("Action", 1));
    if (secrets) {
      columns.add(Column.of("Payload", 2));
    }
    columns.add(Column.of("Steps", 3));
    columns.add(Column.of("Turn", 3));
    columns.add(Column.of("Result", 2));
    columns.add(Column.of("Time", 2));
    var rows = new ArrayList<Row>();
    for (TimelineEntry entry : moment.entries()) {
      rows.add(row(entry, moment.match().actions(), seat, secrets, path));
    }
    return new ListView("log", "Actions around this revision", columns, rows, false);
  }

  private static Row row(
      TimelineEntry entry, long current, String seat, boolean secrets, String path) {
    var record = new JsonObject(entry.record());
    PastStep last = entry.steps().getLast();
    String revision = Long.toString(last.revision());
    String href = path + "?at=" + revision + (seat.equals(PUBLIC) ? "" : "&seat=" + seat);
    boolean here = entry.number() == current;
    String player = record.getString("playerID");
    var cells = new ArrayList<Cell>();
    cells.add(here ? Cell.badge(revision, "good") : Cell.link(revision, href));
    cells.add(Cell.text(player == null ? "the server" : player));
    cells.add(Cell.text(record.getString("event")));
    if (secrets) {
      cells.add(Cell.code(cut(record.getValue("payload"))));
    }
    cells.add(Cell.number(entry.steps().size()));
    cells.add(Cell.text(text(new JsonObject(last.position()), "turn")));
    cells.add(Cell.text(last.result().equals("null") ? "" : last.result()));
    Number at = record.getNumber("at");
    cells.add(Cell.time(at == null ? 0L : at.longValue()));
    return new Row(revision, "revision " + revision, cells);
  }

  private static String cut(@Nullable Object payload) {
    String text = payload == null ? "" : Json.encode(payload);
    return text.length() <= PAYLOAD_MAX ? text : text.substring(0, PAYLOAD_MAX) + "…";
  }
}
