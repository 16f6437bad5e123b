package dev.rookery.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a scenario measured: a line of a file of figures.
 *
 * @param scenario its name with the options that differ from the defaults, such as {@code fanout
 *     --rate=50}
 * @param unit what is counted
 * @param nodeMicros processor time of the nodes for each unit, in microseconds; NaN if it was not
 *     measured
 * @param databaseMicros the same of a database of its own; NaN if there is none
 * @param clean whether nothing failed, was missing or came twice
 */
public record Figures(
    String scenario,
    String unit,
    double perSecond,
    double p50Ms,
    double p99Ms,
    double nodeMicros,
    double databaseMicros,
    boolean clean) {

  /** Processor time of nodes and database for each unit; NaN if it was not measured. */
  public double totalMicros() {
    return Double.isNaN(databaseMicros) ? nodeMicros : nodeMicros + databaseMicros;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("scenario", scenario)
        .put("unit", unit)
        .put("per_second", rounded(perSecond))
        .put("p50_ms", rounded(p50Ms))
        .put("p99_ms", rounded(p99Ms))
        .put("cpu_us", rounded(nodeMicros))
        .put("db_cpu_us", rounded(databaseMicros))
        .put("clean", clean);
  }

  /** JSON has no NaN: what was not measured is null. */
  static @Nullable Double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : null;
  }

  static double number(JsonObject json, String key) {
    Double value = json.getDouble(key);
    return value == null ? Double.NaN : value;
  }

  static Figures of(JsonObject json) {
    return new Figures(
        json.getString("scenario"),
        json.getString("unit"),
        number(json, "per_second"),
        number(json, "p50_ms"),
        number(json, "p99_ms"),
        number(json, "cpu_us"),
        number(json, "db_cpu_us"),
        json.getBoolean("clean", true));
  }

  /** Appends it to a file, which is created if it does not exist. */
  public void appendTo(Path file) throws IOException {
    Files.writeString(
        file, toJson().encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Reads a file of figures, in the order in which they were measured. */
  public static List<Figures> read(Path file) throws IOException {
    return readLines(file).stream().map(Figures::of).toList();
  }

  /** The objects of a file with one in each line. */
  static List<JsonObject> readLines(Path file) throws IOException {
    var objects = new ArrayList<JsonObject>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        continue;
      }
      try {
        objects.add(new JsonObject(line));
      } catch (RuntimeException invalid) {
        throw new IOException(file + ": not a line of figures: " + line, invalid);
      }
    }
    return objects;
  }
}
