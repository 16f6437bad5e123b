package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.game.GameInfo;
import dev.rookery.game.MatchSetup;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of a room's lobby and its rules (openturn contract, 3.3 and 3.4), as a value: an
 * operation that changes nothing returns the same object.
 *
 * @param seats the taken ones, by index
 * @param config JSON text: all options of the game; null if it has none
 */
record LobbyRules(
    GameInfo game,
    String hostUser,
    Phase phase,
    int targetCapacity,
    List<TakenSeat> seats,
    @Nullable String config) {
  /** The host of a room that was opened for a match; no user has this name. */
  static final String NO_HOST = "";

  LobbyRules {
    seats = List.copyOf(seats);
  }

  /** With the default options. */
  LobbyRules(
      GameInfo game, String hostUser, Phase phase, int targetCapacity, List<TakenSeat> seats) {
    this(game, hostUser, phase, targetCapacity, seats, completed(game, null));
  }

  /**
   * @param user empty for a bot
   * @param bot null for a user
   */
  record TakenSeat(
      int index, String user, @Nullable String userName, boolean ready, @Nullable BotInfo bot) {
    TakenSeat(int index, String user, @Nullable String userName, boolean ready) {
      this(index, user, userName, ready, null);
    }

    boolean isBot() {
      return bot != null;
    }
  }

  static LobbyRules opened(GameInfo game, String hostUser) {
    return new LobbyRules(game, hostUser, Phase.LOBBY, game.maxPlayers(), List.of());
  }

  static LobbyRules stored(GameInfo game, RoomRow row, List<TakenSeat> seats) {
    return new LobbyRules(
        game,
        row.hostUser(),
        row.phase(),
        row.targetCapacity(),
        seats,
        completed(game, row.config()));
  }

  /** The stored options that are still valid, and the defaults of the others. */
  private static @Nullable String completed(GameInfo game, @Nullable String config) {
    return game.config().isEmpty()
        ? null
        : game.config()
            .complete(config == null ? new JsonObject() : new JsonObject(config))
            .encode();
  }

  LobbyRules takeSeat(String user, @Nullable String userName, int seat) {
    requireLobby();
    requireInRange(seat);
    TakenSeat present = at(seat);
    if (present != null && present.isBot()) {
      throw Refused.conflict("seat_has_bot");
    }
    if (present != null && !present.user.equals(user)) {
      throw Refused.conflict("seat_taken");
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

  LobbyRules assignBot(String user, int seat, String bot) {
    requireLobby();
    requireHost(user);
    requireInRange(seat);
    BotInfo chosen =
        game.bots().stream()
            .filter(one -> one.botID().equals(bot))
            .findFirst()
            .orElseThrow(() -> Refused.conflict("unknown_bot"));
    TakenSeat present = at(seat);
    if (present != null && !present.isBot()) {
      throw Refused.conflict("seat_has_human");
    }
    var taken = new TakenSeat(seat, "", null, true, chosen);
    return taken.equals(present) ? this : with(taken);
  }

  LobbyRules setTargetCapacity(String user, int capacity) {
    requireLobby();
    requireHost(user);
    if (capacity < game.minPlayers()) {
      throw Refused.conflict("target_below_min");
    }
    if (capacity > game.maxPlayers()) {
      throw Refused.conflict("target_above_max");
    }
    return capacity == targetCapacity
        ? this
        : new LobbyRules(
            game,
            hostUser,
            phase,
            capacity,
            seats.stream().filter(seat -> seat.index < capacity).toList(),
            config);
  }

  /**
   * Users have to be ready again. What is wrong with the value is the code of the refusal.
   *
   * @param value JSON text
   */
  LobbyRules setConfig(String user, String key, String value) {
    requireLobby();
    requireHost(user);
    Object decoded = Json.decodeValue(value);
    String problem = game.config().problemOf(key, decoded);
    if (problem != null) {
      throw Refused.conflict(problem);
    }
    JsonObject options = config == null ? new JsonObject() : new JsonObject(config);
    return new LobbyRules(
        game, hostUser, phase, targetCapacity, notReady(), options.put(key, decoded).encode());
  }

  private List<TakenSeat> notReady() {
    return seats.stream()
        .map(
            seat ->
                seat.isBot() ? seat : new TakenSeat(seat.index, seat.user, seat.userName, false))
        .toList();
  }

  /** The match is over or given up, and its seats are offered again. */
  LobbyRules reopened() {
    return new LobbyRules(game, hostUser, Phase.LOBBY, targetCapacity, notReady(), config);
  }

  /** {@code Denied("not_host")}, {@code Conflict("match_not_active")}. */
  void requireHostOfMatch(String user) {
    if (!user.equals(hostUser)) {
      throw Refused.denied("not_host");
    }
    if (phase != Phase.ACTIVE) {
      throw Refused.conflict("match_not_active");
    }
  }

  /** The account of a user has ended; their seat stays in a match, with nobody in it. */
  LobbyRules forget(String user) {
    return find(user)
        .map(seat -> with(new TakenSeat(seat.index, "", null, seat.ready)))
        .orElse(this);
  }

  LobbyRules close(String user) {
    requireHost(user);
    return phase == Phase.CLOSED ? this : in(Phase.CLOSED);
  }

  LobbyRules start(String user) {
    requireHost(user);
    requireLobby();
    if (seats.size() < game.minPlayers()) {
      throw Refused.conflict("below_min_players");
    }
    if (seats.stream().allMatch(TakenSeat::isBot)) {
      throw Refused.conflict("no_humans_seated");
    }
    if (!seats.stream().allMatch(TakenSeat::ready)) {
      throw Refused.conflict("not_ready");
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
  MatchSetup setup(String seed, long initialNow, Map<String, String> profiles) {
    List<String> players = seats.stream().map(seat -> game.playerIDs().get(seat.index)).toList();
    String host =
        players.size() == 1
            ? null
            : find(hostUser).map(seat -> game.playerIDs().get(seat.index)).orElse(null);
    return new MatchSetup(players, host, seed, initialNow, config, profiles);
  }

  /** The bots by player. */
  Map<String, String> bots() {
    var bots = new HashMap<String, String>();
    for (TakenSeat seat : seats) {
      BotInfo bot = seat.bot;
      if (bot != null) {
        bots.put(game.playerIDs().get(seat.index), bot.botID());
      }
    }
    return bots;
  }

  /** The users by player. */
  Map<String, String> users() {
    var users = new HashMap<String, String>();
    seats.stream()
        .filter(seat -> !seat.user.isEmpty())
        .forEach(seat -> users.put(game.playerIDs().get(seat.index), seat.user));
    return users;
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
                        connected.contains(seat.user),
                        seat.bot))
            .toList(),
        game.playerIDs(),
        game.minPlayers(),
        targetCapacity,
        game.bots(),
        config);
  }

  private void requireLobby() {
    switch (phase) {
      case LOBBY -> {}
      case ACTIVE -> throw Refused.conflict("bad_phase");
      case CLOSED -> throw Refused.conflict("room_closed");
    }
  }

  private void requireHost(String user) {
    if (!user.equals(hostUser)) {
      throw Refused.conflict("not_host");
    }
  }

  private void requireInRange(int seat) {
    if (seat < 0 || seat >= targetCapacity) {
      throw Refused.conflict("seat_out_of_range");
    }
  }

  private TakenSeat requireSeat(String user) {
    return find(user).orElseThrow(() -> Refused.conflict("not_seated"));
  }

  private Optional<TakenSeat> find(String user) {
    return seats.stream()
        .filter(seat -> !seat.user.isEmpty() && seat.user.equals(user))
        .findFirst();
  }

  private @Nullable TakenSeat at(int index) {
    return seats.stream().filter(seat -> seat.index == index).findFirst().orElse(null);
  }

  private LobbyRules in(Phase next) {
    return new LobbyRules(game, hostUser, next, targetCapacity, seats, config);
  }

  private LobbyRules with(TakenSeat seat) {
    var byIndex = new TreeMap<Integer, TakenSeat>();
    seats.forEach(taken -> byIndex.put(taken.index, taken));
    byIndex.put(seat.index, seat);
    return new LobbyRules(
        game, hostUser, phase, targetCapacity, List.copyOf(byIndex.values()), config);
  }

  private LobbyRules without(int index) {
    return new LobbyRules(
        game,
        hostUser,
        phase,
        targetCapacity,
        seats.stream().filter(seat -> seat.index != index).toList(),
        config);
  }

  private LobbyRules withoutSeatOf(String user) {
    return find(user).map(seat -> without(seat.index)).orElse(this);
  }
}
