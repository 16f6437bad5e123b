package dev.rookery.sample;

import java.util.List;

/** The names and texts of sample data. */
final class SampleContent {
  private static final List<String> FIRST =
      List.of(
          "Ada", "Amina", "Ben", "Carla", "Chen", "Dario", "Edda", "Emre", "Finn", "Freya", "Gita",
          "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kaya", "Kofi", "Lena", "Luis", "Maja", "Mateo",
          "Nia", "Noah", "Olga", "Omar", "Pia", "Quinn", "Ravi", "Rosa", "Sami", "Sofia", "Tariq",
          "Tess", "Uma", "Vera", "Wim", "Xenia", "Yara", "Zoe");

  private static final List<String> SECOND =
      List.of(
          "Amber", "Birch", "Cedar", "Dawn", "Ember", "Frost", "Grove", "Harbor", "Iris", "Juniper",
          "Kestrel", "Linden", "Maple");

  private static final List<String> GROUPS =
      List.of(
          "Night Owls",
          "Sunday Builders",
          "Speedrun Society",
          "Harbor Patrol",
          "The Card Table",
          "Mountain Goats",
          "Slow and Steady",
          "Pixel Painters",
          "Storm Chasers",
          "Tea and Tactics",
          "Lost Luggage",
          "Quiet Corner");

  private static final List<String> LOBBIES =
      List.of(
          "Friendly match",
          "Beginners welcome",
          "Ranked, no chat",
          "Two more needed",
          "Learning the map",
          "Evening round",
          "Co-op practice",
          "Last one today");

  private static final List<String> MESSAGES =
      List.of(
          "Hello everybody",
          "Anybody up for a round?",
          "Give me two minutes",
          "That was close!",
          "Who has the map?",
          "I am new here",
          "Good game",
          "See you tomorrow",
          "One more?",
          "Nice move");

  /**
   * A leaderboard.
   *
   * @param ascending whether lower scores are better
   */
  record SampleBoard(String slug, String title, String description, boolean ascending) {}

  static final List<SampleBoard> BOARDS =
      List.of(
          new SampleBoard(
              "sample_high_scores", "High scores", "The most points in one round", false),
          new SampleBoard("sample_fastest_lap", "Fastest lap", "In milliseconds", true),
          new SampleBoard("sample_coins", "Coins", "All coins that were ever collected", false));

  /**
   * An achievement.
   *
   * @param target the progress that unlocks it
   */
  record SampleAchievement(String slug, String title, String description, int target) {}

  static final List<SampleAchievement> ACHIEVEMENTS =
      List.of(
          new SampleAchievement("sample_first_win", "First win", "Win a match", 1),
          new SampleAchievement("sample_ten_wins", "Ten wins", "Win ten matches", 10),
          new SampleAchievement("sample_social", "Good company", "Join a group", 1),
          new SampleAchievement("sample_collector", "Collector", "Collect 100 coins", 100),
          new SampleAchievement("sample_marathon", "Marathon", "Play on seven days in a row", 7));

  private SampleContent() {}

  /** Different for all numbers below 520. */
  static String player(int number) {
    return FIRST.get(number % FIRST.size())
        + " "
        + SECOND.get(number / FIRST.size() % SECOND.size());
  }

  static String group(int number) {
    return GROUPS.get(number % GROUPS.size());
  }

  static String lobby(int number) {
    return LOBBIES.get(number % LOBBIES.size());
  }

  static String message(int number) {
    return MESSAGES.get(number % MESSAGES.size());
  }
}
