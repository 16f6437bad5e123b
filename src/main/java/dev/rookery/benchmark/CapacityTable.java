package dev.rookery.benchmark;

import java.util.Locale;

/** The players of a mix that cores and a database carry, as text. */
public final class CapacityTable {
  /**
   * The share of a core that is planned for: the rest is for peaks, and for a node that is lost.
   */
  static final double BUSY = 0.6;

  private static final int[] DATABASE_CORES = {2, 8, 32, 96};

  private final String name;
  private final CapacityModel model;

  /**
   * @param name of the mix
   */
  public CapacityTable(String name, CapacityModel model) {
    this.name = name;
    this.model = model;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    line(text, "%s: %s", name, model.mix().describe());
    text.append('\n');
    line(
        text,
        "%-14s %14s %12s %12s %14s %8s",
        "1,000 players",
        "a second",
        "node µs",
        "db µs",
        "node cores",
        "db cores");
    for (CapacityModel.Demand demand : model.demands()) {
      if (demand.perSecond() > 0) {
        line(
            text,
            "%-14s %,14.2f %,12.1f %,12.1f %14.4f %8.4f",
            demand.name(),
            1_000 * demand.perSecond(),
            demand.nodeMicros(),
            demand.databaseMicros(),
            demand.nodeLoad() / 1_000,
            demand.databaseLoad() / 1_000);
      }
    }
    line(
        text,
        "%-14s %14s %12s %12s %14.4f %8.4f",
        "all",
        "",
        "",
        "",
        model.nodeCores(1_000),
        model.databaseCores(1_000));
    text.append('\n');
    line(
        text,
        "one core of a node, %.0f %% busy: %,.0f players",
        100 * BUSY,
        model.playersByNodes(1, BUSY));
    if (model.databaseCores(1) > 0) {
      databases(text);
    }
    return text.toString();
  }

  private void databases(StringBuilder text) {
    text.append('\n');
    line(text, "%-14s %14s %14s %18s", "cores of db", "players", "node cores", "commands/s");
    for (int cores : DATABASE_CORES) {
      double players = model.playersByDatabase(cores, BUSY);
      line(
          text,
          "%-14d %,14.0f %,14.1f %,18.0f",
          cores,
          players,
          model.nodeCores(players) / BUSY,
          model.commandsPerSecond(players));
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
