package dev.rookery.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Processor time of each operation, of the node and of the database. */
public final class OperationCosts {
  private final Map<Operation, Figures> figures;

  private OperationCosts(Map<Operation, Figures> figures) {
    this.figures = figures;
  }

  /**
   * The latest figures of a file that {@code scripts/bench} wrote, such as its history.
   *
   * @param database {@code sqlite} or {@code postgres}
   * @throws IllegalArgumentException if a scenario is missing; the message says how to measure it
   */
  public static OperationCosts read(Path file, String database) throws IOException {
    List<JsonObject> lines = Files.exists(file) ? Figures.readLines(file) : List.of();
    return of(lines, database, file.toString());
  }

  static OperationCosts of(List<JsonObject> lines, String database, String source) {
    var found = new EnumMap<Operation, Figures>(Operation.class);
    for (JsonObject line : lines) {
      Operation operation = operation(line.getString("scenario"));
      var figures = Figures.of(line);
      if (operation != null
          && database.equals(line.getString("database"))
          && line.getInteger("nodes", 1) == 1
          && figures.clean()
          && figures.totalMicros() > 0) {
        found.put(operation, figures);
      }
    }
    var missing = new ArrayList<String>();
    for (Operation operation : Operation.values()) {
      if (!found.containsKey(operation)) {
        missing.add(operation.scenario());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no figures of one node with %s for: scripts/bench %s %s"
              .formatted(source, database, database, String.join(" ", missing)));
    }
    return new OperationCosts(found);
  }

  /** The operation that a scenario measures; other sizes of lobbies make it another one. */
  private static @Nullable Operation operation(String scenario) {
    String name = scenario.split(" ", 2)[0];
    for (Operation operation : Operation.values()) {
      if (operation.scenario().equals(name)) {
        boolean isSized = operation == Operation.MESSAGE || operation == Operation.DELIVERY;
        return isSized && !scenario.equals(name) ? null : operation;
      }
    }
    return null;
  }

  /** Processor time of the node, in microseconds. */
  double nodeMicros(Operation operation) {
    return Objects.requireNonNull(figures.get(operation)).nodeMicros();
  }

  /** Processor time of the database, in microseconds; 0 if the node contains it. */
  double databaseMicros(Operation operation) {
    double micros = Objects.requireNonNull(figures.get(operation)).databaseMicros();
    return Double.isNaN(micros) ? 0 : micros;
  }
}
