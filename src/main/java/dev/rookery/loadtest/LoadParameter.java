package dev.rookery.loadtest;

import java.util.Locale;

/** A bounded number that configures a scenario. */
enum LoadParameter {
  SECONDS(10, 1, 3_600, "duration of the measurement, after the warm-up"),
  WARMUP(3, 0, 120, "duration of the warm-up in seconds, which is not measured"),
  CONNECTIONS(64, 1, 1_024, "kept-alive connections, each with one request in flight"),
  RECORDS(1_000_000, 2, 10_000_000, "records of the leaderboard, which is filled first"),
  FOLLOWERS(1_000, 1, 50_000, "sockets that subscribe to the one topic"),
  BYTES(64, 40, 4_096, "length of a message's content"),
  RATE(0, 0, 100_000, "messages per second; 0 for as many as possible"),
  IN_FLIGHT(128, 1, 1_024, "messages in flight, if no rate is given"),
  CHANNELS(20, 1, 10_000, "lobbies in which messages are sent at the same time"),
  MEMBERS(10, 2, 128, "members of each lobby, with one socket each"),
  TALKING(2, 1, 128, "members of each lobby who send, with one message in flight each"),
  SOCKETS(1_000, 1, 100_000, "signed-in sockets, each of another player"),
  OPENING(64, 1, 1_024, "sockets that are opened at the same time"),
  PAIRS(
      100,
      1,
      20_000,
      "rooms that are played at the same time, or friendships, with one socket of each player"),
  ROOMS(1_000, 1, 20_000, "rooms of the openturn wire, each with one match"),
  GROUPS(64, 1, 5_000, "groups of players, who play one match after another"),
  FRIENDS(10_000, 1, 100_000, "friends of each of four players; the node must allow as many"),
  PAGES(200, 1, 250, "pages of the console that are open, ten of each admin"),
  PLAYERS(100, 2, 20_000, "simulated players"),
  LOBBIES(12, 1, 2_000, "lobbies that stay open, each with a host who stays"),
  THINK_MS(200, 1, 60_000, "average time between two actions of a player, in milliseconds"),
  DROPS(5, 0, 100, "percentage of actions in which a player loses the connection"),
  MOVES(
      5,
      0,
      100,
      "percentage of actions in which a player moves to another lobby; the others send a message"),
  CHATTING(30, 0, 100, "percentage of the players who are in lobbies and send messages"),
  MESSAGES_HOUR(60, 0, 36_000, "messages an hour of each of these"),
  GATHERING(20, 0, 100, "percentage of the players who gather in lobbies of four, and leave"),
  LOBBIES_HOUR(6, 0, 3_600, "such lobbies an hour of each of these"),
  PLAYING(30, 0, 100, "percentage of the players who are in matches of two"),
  ACTIONS_HOUR(600, 0, 36_000, "actions an hour of each of these"),
  SESSION_MINUTES(30, 1, 1_440, "after which a player signs in and connects again");

  private final int defaultValue;
  private final int min;
  private final int max;
  private final String description;

  LoadParameter(int defaultValue, int min, int max, String description) {
    this.defaultValue = defaultValue;
    this.min = min;
    this.max = max;
    this.description = description;
  }

  String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int defaultValue() {
    return defaultValue;
  }

  int parse(String text) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(optionName() + ": not a whole number: " + text);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          optionName() + ": must be from " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  String help() {
    return String.format(
        Locale.ROOT,
        "  --%-15s %s; %,d to %,d, default %,d%n",
        optionName(),
        description,
        min,
        max,
        defaultValue);
  }
}
