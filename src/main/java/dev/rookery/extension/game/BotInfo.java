package dev.rookery.extension.game;

import org.jspecify.annotations.Nullable;

/**
 * A bot of a game, as the host of a room chooses it.
 *
 * @param botID unique in the game
 * @param label shown to players
 * @param difficulty {@code easy}, {@code medium}, {@code hard} or {@code expert}
 */
public record BotInfo(
    String botID, String label, @Nullable String description, @Nullable String difficulty) {
  public BotInfo {
    if (botID.isEmpty() || label.isEmpty()) {
      throw new IllegalArgumentException("a bot needs an id and a label");
    }
  }
}
