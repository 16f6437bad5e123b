package dev.rookery.loadtest;

/**
 * How a run is started by a node, or to be like one.
 *
 * @param report whether progress and result are printed as lines of JSON, and the process ends with
 *     its standard input
 * @param from the loopback address from which clients connect; empty for the usual one
 * @param rampSeconds the time over which the sign-ins are spread
 * @param players how many sign in
 */
record RunSettings(boolean report, String from, int rampSeconds, int players) {
  static final RunSettings NONE = new RunSettings(false, "", 0, 0);
  private static final int RAMP_MAX = 600;
  private static final int PLAYERS_MAX = 100_000;

  RunSettings withReport() {
    return new RunSettings(true, from, rampSeconds, players);
  }

  RunSettings withFrom(String address) {
    if (!address.startsWith("127.")) {
      throw new IllegalArgumentException("from: must be a loopback address, not " + address);
    }
    return new RunSettings(report, address, rampSeconds, players);
  }

  RunSettings withRamp(String seconds) {
    return new RunSettings(report, from, number("ramp", seconds, 0, RAMP_MAX), players);
  }

  RunSettings withRampPlayers(String number) {
    return new RunSettings(
        report, from, rampSeconds, number("ramp-players", number, 1, PLAYERS_MAX));
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
