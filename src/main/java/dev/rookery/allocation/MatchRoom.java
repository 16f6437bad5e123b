package dev.rookery.allocation;

import dev.rookery.base.PlayerId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The room of this server in which a match is played.
 *
 * @param room its id
 * @param gameKey of the game that is played
 */
public record MatchRoom(String room, String gameKey, String gameVersion, List<Seat> seats) {
  public MatchRoom {
    seats = List.copyOf(seats);
  }

  /**
   * A seat that is taken.
   *
   * @param playerID as the game names it
   * @param player null for a bot
   */
  public record Seat(String playerID, @Nullable PlayerId player) {}

  /** The seat of a player. */
  public Optional<String> playerOf(PlayerId player) {
    return seats.stream()
        .filter(seat -> player.equals(seat.player))
        .map(Seat::playerID)
        .findFirst();
  }
}
