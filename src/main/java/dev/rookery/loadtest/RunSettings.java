package dev.rookery.loadtest;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a run is started by a node, or to be like one.
 *
 * @param report whether progress and result are printed as lines of JSON, and the process ends with
 *     its standard input
 * @param from the loopback address from which clients connect; empty for the usual one
 * @param rampSeconds the time over which the sign-ins are spread
 * @param players how many sign in
 * @param figures the file to which the figures are appended; null for none
 * @param model what a run of a mix is compared with
 */
record RunSettings(
    boolean report,
    String from,
    int rampSeconds,
    int players,
    @Nullable Path figures,
    ModelSettings model) {
  static final RunSettings NONE = new RunSettings(false, "", 0, 0, null, ModelSettings.DEFAULT);
  private static final int RAMP_MAX = 600;
  private static final int PLAYERS_MAX = 100_000;

  RunSettings withReport() {
    return new RunSettings(true, from, rampSeconds, players, figures, model);
  }

  RunSettings withFrom(String address) {
    if (!address.startsWith("127.")) {
      throw new IllegalArgumentException("from: must be a loopback address, not " + address);
    }
    return new RunSettings(report, address, rampSeconds, players, figures, model);
  }

  RunSettings withRamp(String seconds) {
    return new RunSettings(
        report, from, number("ramp", seconds, 0, RAMP_MAX), players, figures, model);
  }

  RunSettings withRampPlayers(String number) {
    return new RunSettings(
        report, from, rampSeconds, number("ramp-players", number, 1, PLAYERS_MAX), figures, model);
  }

  RunSettings withFigures(String file) {
    return new RunSettings(report, from, rampSeconds, players, Path.of(file), model);
  }

  RunSettings withModel(ModelSettings changed) {
    return new RunSettings(report, from, rampSeconds, players, figures, changed);
  }

  private static int number(String name, String text, int min, int max) {
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Answered below.
    }
    throw new IllegalArgumentException(
        name + ": must be a number from " + min + " to " + max + ", not " + text);
  }
}
