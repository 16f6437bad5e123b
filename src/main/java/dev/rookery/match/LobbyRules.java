package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.GameInfo;
import dev.rookery.game.MatchSetup;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of a room's lobby and its rules (openturn contract, 3.3 and 3.4), as a value: an
 * operation that changes nothing returns the same object.
 *
 * @param seats the taken ones, by index
 */
record LobbyRules(
    GameInfo game, String hostUser, Phase phase, int targetCapacity, List<TakenSeat> seats) {
  LobbyRules {
    seats = List.copyOf(seats);
  }

  record TakenSeat(int index, String user, @Nullable String userName, boolean ready) {}

  static LobbyRules opened(GameInfo game, String hostUser) {
    return new LobbyRules(game, hostUser, Phase.LOBBY, game.maxPlayers(), List.of());
  }

  LobbyRules takeSeat(String user, @Nullable String userName, int seat) {
    requireLobby();
    requireInRange(seat);
    TakenSeat present = at(seat);
    if (present != null && !present.user.equals(user)) {
      throw refused("seat_taken");
    }
    if (present != null) {
      return Objects.equals(present.userName, userName)
          ? this
          : with(new TakenSeat(seat, user, userName, present.ready));
    }
    return withoutSeatOf(user).with(new TakenSeat(seat, user, userName, false));
  }

  LobbyRules leaveSeat(String user) {
    requireLobby();
    requireSeat(user);
    return withoutSeatOf(user);
  }

  LobbyRules setReady(String user, boolean ready) {
    requireLobby();
    TakenSeat seat = requireSeat(user);
    return seat.ready == ready
        ? this
        : with(new TakenSeat(seat.index, seat.user, seat.userName, ready));
  }

  LobbyRules clearSeat(String user, int seat) {
    requireLobby();
    requireHost(user);
    requireInRange(seat);
    return at(seat) == null ? this : without(seat);
  }

  LobbyRules assignBot(String user, int seat) {
    requireLobby();
    requireHost(user);
    requireInRange(seat);
    throw refused("unknown_bot");
  }

  LobbyRules setTargetCapacity(String user, int capacity) {
    requireLobby();
    requireHost(user);
    if (capacity < game.minPlayers()) {
      throw refused("target_below_min");
    }
    if (capacity > game.maxPlayers()) {
      throw refused("target_above_max");
    }
    return capacity == targetCapacity
        ? this
        : new LobbyRules(
            game,
            hostUser,
            phase,
            capacity,
            seats.stream().filter(seat -> seat.index < capacity).toList());
  }

  LobbyRules setConfig(String user) {
    requireLobby();
    requireHost(user);
    throw refused("no_schema");
  }

  LobbyRules close(String user) {
    requireHost(user);
    return phase == Phase.CLOSED ? this : in(Phase.CLOSED);
  }

  LobbyRules start(String user) {
    requireHost(user);
    requireLobby();
    if (seats.size() < game.minPlayers()) {
      throw refused("below_min_players");
    }
    if (seats.isEmpty()) {
      throw refused("no_humans_seated");
    }
    if (!seats.stream().allMatch(TakenSeat::ready)) {
      throw refused("not_ready");
    }
    return in(Phase.ACTIVE);
  }

  /** The user has left; the host closes the room with that. */
  LobbyRules drop(String user) {
    if (phase != Phase.LOBBY) {
      return this;
    }
    if (user.equals(hostUser)) {
      return in(Phase.CLOSED);
    }
    return find(user).isPresent() ? withoutSeatOf(user) : this;
  }

  /** The players of a match that starts with these seats. */
  MatchSetup setup(String seed, long initialNow) {
    List<String> players = seats.stream().map(seat -> game.playerIDs().get(seat.index)).toList();
    String host =
        players.size() == 1
            ? null
            : find(hostUser).map(seat -> game.playerIDs().get(seat.index)).orElse(null);
    return new MatchSetup(players, host, seed, initialNow);
  }

  /**
   * @param connected the users with sockets in the lobby
   */
  RoomInfo info(String room, Collection<String> connected) {
    return new RoomInfo(
        room,
        game.gameKey(),
        game.deploymentVersion(),
        phase,
        hostUser,
        seats.stream()
            .map(
                seat ->
                    new SeatInfo(
                        seat.index,
                        seat.user,
                        seat.userName,
                        seat.ready,
                        connected.contains(seat.user)))
            .toList(),
        game.playerIDs(),
        game.minPlayers(),
        targetCapacity);
  }

  private void requireLobby() {
    switch (phase) {
      case LOBBY -> {}
      case ACTIVE -> throw refused("bad_phase");
      case CLOSED -> throw refused("room_closed");
    }
  }

  private void requireHost(String user) {
    if (!user.equals(hostUser)) {
      throw refused("not_host");
    }
  }

  private void requireInRange(int seat) {
    if (seat < 0 || seat >= targetCapacity) {
      throw refused("seat_out_of_range");
    }
  }

  private TakenSeat requireSeat(String user) {
    return find(user).orElseThrow(() -> refused("not_seated"));
  }

  private static Refused refused(String reason) {
    return new Refused(new Refusal.Conflict(reason));
  }

  private Optional<TakenSeat> find(String user) {
    return seats.stream().filter(seat -> seat.user.equals(user)).findFirst();
  }

  private @Nullable TakenSeat at(int index) {
    return seats.stream().filter(seat -> seat.index == index).findFirst().orElse(null);
  }

  private LobbyRules in(Phase next) {
    return new LobbyRules(game, hostUser, next, targetCapacity, seats);
  }

  private LobbyRules with(TakenSeat seat) {
    var byIndex = new TreeMap<Integer, TakenSeat>();
    seats.forEach(taken -> byIndex.put(taken.index, taken));
    byIndex.put(seat.index, seat);
    return new LobbyRules(game, hostUser, phase, targetCapacity, List.copyOf(byIndex.values()));
  }

  private LobbyRules without(int index) {
    return new LobbyRules(
        game,
        hostUser,
        phase,
        targetCapacity,
        seats.stream().filter(seat -> seat.index != index).toList());
  }

  private LobbyRules withoutSeatOf(String user) {
    return find(user).map(seat -> without(seat.index)).orElse(this);
  }
}
