package dev.rookery.loadtest;

import dev.rookery.benchmark.CapacityModel;
import dev.rookery.benchmark.CapacityTable;
import dev.rookery.benchmark.OperationCosts;
import dev.rookery.benchmark.PlayerMix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * With what a model is computed.
 *
 * @param mix the name of the mix that options change
 * @param figures a file that {@code scripts/bench} wrote
 * @param database {@code sqlite} or {@code postgres}
 */
record ModelSettings(String mix, Path figures, String database) {
  static final ModelSettings DEFAULT =
      new ModelSettings(PlayerMix.DEFAULT, Path.of("data/bench-history.jsonl"), "postgres");

  private static final List<String> DATABASES = List.of("sqlite", "postgres");

  /**
   * @param option what follows the name of the option: nothing, or an equals sign and a mix
   */
  ModelSettings withMix(String option) {
    if (option.isEmpty()) {
      return this;
    }
    if (!option.startsWith("=")) {
      throw new IllegalArgumentException("unknown scenario --model" + option);
    }
    String name = option.substring(1);
    PlayerMix.named(name);
    return new ModelSettings(name, figures, database);
  }

  ModelSettings withFigures(String file) {
    return new ModelSettings(mix, Path.of(file), database);
  }

  ModelSettings withDatabase(String name) {
    if (!DATABASES.contains(name)) {
      throw new IllegalArgumentException("database: sqlite or postgres, not " + name);
    }
    return new ModelSettings(mix, figures, name);
  }

  /** The options that make the mix. */
  Map<LoadParameter, Integer> numbers() {
    var numbers = new EnumMap<LoadParameter, Integer>(LoadParameter.class);
    PlayerMix named = PlayerMix.named(mix);
    numbers.put(LoadParameter.CHATTING, (int) named.chatting());
    numbers.put(LoadParameter.MESSAGES_HOUR, (int) named.messagesPerHour());
    numbers.put(LoadParameter.MEMBERS, named.members());
    numbers.put(LoadParameter.GATHERING, (int) named.gathering());
    numbers.put(LoadParameter.LOBBIES_HOUR, (int) named.lobbiesPerHour());
    numbers.put(LoadParameter.PLAYING, (int) named.playing());
    numbers.put(LoadParameter.ACTIONS_HOUR, (int) named.actionsPerHour());
    numbers.put(LoadParameter.SESSION_MINUTES, (int) named.sessionMinutes());
    return numbers;
  }

  /**
   * The model of such players.
   *
   * @throws IllegalArgumentException if figures are missing; the message says how to measure them
   */
  CapacityModel model(PlayerMix players) {
    try {
      return new CapacityModel(players, OperationCosts.read(figures, database));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** How many players of a mix cores carry. */
  String table(PlayerMix players) {
    return new CapacityTable(mix, model(players)).toString();
  }
}
