package dev.rookery.match;

import dev.rookery.extension.game.BotInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A room as everybody in it may see it.
 *
 * @param room its id
 * @param hostUser the user who may start and close it; the same as long as it exists
 * @param seats the taken ones, by index
 * @param playerIDs of the game, by index of the seat
 * @param targetCapacity how many seats are offered
 * @param availableBots that may take seats
 * @param config JSON text: the options of the game; null if it has none
 */
public record RoomInfo(
    String room,
    String gameKey,
    String deploymentVersion,
    Phase phase,
    String hostUser,
    List<SeatInfo> seats,
    List<String> playerIDs,
    int minPlayers,
    int targetCapacity,
    List<BotInfo> availableBots,
    @Nullable String config) {
  public RoomInfo {
    seats = List.copyOf(seats);
    playerIDs = List.copyOf(playerIDs);
    // Nodes of the version before did not name them.
    availableBots = availableBots == null ? List.of() : List.copyOf(availableBots);
  }

  public int maxPlayers() {
    return playerIDs.size();
  }

  /** Whether the host may start the match now. */
  public boolean canStart() {
    return phase == Phase.LOBBY
        && seats.size() >= minPlayers
        && seats.stream().allMatch(SeatInfo::ready);
  }

  public Optional<SeatInfo> seatOf(String user) {
    return seats.stream()
        .filter(seat -> !seat.user().isEmpty() && seat.user().equals(user))
        .findFirst();
  }

  /** The player as whom a user takes part in the match. */
  public Optional<String> playerOf(String user) {
    return seatOf(user).map(seat -> playerIDs.get(seat.index()));
  }
}
