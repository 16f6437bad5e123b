package dev.rookery.loadtest;

import java.util.Locale;

/** A number that a scenario may be told, with its bounds: nothing here is without one. */
enum LoadParameter {
  SECONDS(10, 1, 3_600, "how long is measured, after the warm-up"),
  WARMUP(3, 0, 120, "for how many seconds the same is done unmeasured before"),
  CONNECTIONS(64, 1, 1_024, "kept-alive connections, each with one request under way at a time"),
  FOLLOWERS(1_000, 1, 50_000, "sockets that follow the one topic"),
  BYTES(64, 40, 4_096, "length of a message's content"),
  RATE(0, 0, 100_000, "messages a second; 0 for as many as go through"),
  IN_FLIGHT(128, 1, 1_024, "messages under way at a time, as long as no rate is given"),
  CHANNELS(20, 1, 10_000, "lobbies that talk at once"),
  MEMBERS(10, 2, 128, "members of each, on a socket each"),
  TALKING(2, 1, 128, "of whom so many talk, each with a message under way all the time"),
  SOCKETS(1_000, 1, 100_000, "signed-in sockets, each of a player of its own"),
  OPENING(64, 1, 1_024, "sockets that are being opened at a time"),
  PAIRS(100, 1, 20_000, "rooms, each with two sockets"),
  GROUPS(64, 1, 5_000, "of four players each, who play one match after the other"),
  PLAYERS(100, 2, 20_000, "players, each with a life of his own"),
  LOBBIES(12, 1, 2_000, "lobbies that are open all the time, each with a host who stays"),
  THINK_MS(200, 1, 60_000, "how long a player waits between two things he does, on average"),
  DROPS(5, 0, 100, "of a hundred things a player does, so many are losing his connection"),
  MOVES(5, 0, 100, "and so many going to another lobby; the rest is talking");

  private final int otherwise;
  private final int min;
  private final int max;
  private final String meaning;

  LoadParameter(int otherwise, int min, int max, String meaning) {
    this.otherwise = otherwise;
    this.min = min;
    this.max = max;
    this.meaning = meaning;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int otherwise() {
    return otherwise;
  }

  int read(String text) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(word() + ": not a whole number: " + text);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          word() + ": from " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  String help() {
    return String.format(
        Locale.ROOT,
        "  --%-15s %s; %,d to %,d, by default %,d%n",
        word(),
        meaning,
        min,
        max,
        otherwise);
  }
}
