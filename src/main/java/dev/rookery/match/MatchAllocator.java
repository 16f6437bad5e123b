package dev.rookery.match;

import dev.rookery.allocation.Allocation;
import dev.rookery.allocation.Allocation.PreparedRoom;
import dev.rookery.allocation.Allocator;
import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.LocalAllocator.RelayAddress;
import dev.rookery.allocation.MatchRoom;
import dev.rookery.allocation.MatchRoom.Seat;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.OwnThread;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.match.RoomRow.Start;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets matches be played in rooms of this server: the players of a match get the seats of a room
 * whose match is running, in the order of the teams, team A first. The room is stored by the
 * transaction that starts the match, so there is exactly one for each match, whatever fails.
 *
 * <p>Such a room has no host: nobody can close it or start its match again.
 */
public final class MatchAllocator implements Allocator {
  private static final Logger LOG = LoggerFactory.getLogger(MatchAllocator.class);
  private static final Refused FAILED = new Refused(new Refusal.Unavailable("allocation_failed"));

  private final Games games;
  private final InstantSource clock;
  private final Ids ids;
  private final @Nullable String gameKey;
  private final Supplier<RelayAddress> address;
  private final InitialProfiles profiles;
  private final RoomStore rooms = new RoomStore();

  /**
   * @param gameKey of the game that is played unless the mode of a search names another; null for
   *     the default game
   * @param address of this server, called for each match
   * @param controlPlane that keeps the profiles of users; null if this server does
   */
  public MatchAllocator(
      Database database,
      Games games,
      InstantSource clock,
      Ids ids,
      @Nullable String gameKey,
      Supplier<RelayAddress> address,
      @Nullable ControlPlane controlPlane) {
    this.profiles = new InitialProfiles(database, controlPlane);
    this.games = games;
    this.clock = clock;
    this.ids = ids;
    this.gameKey = gameKey;
    this.address = address;
  }

  @Override
  public Future<GameServer> allocate(Matchup matchup) {
    return prepare(matchup).map(Allocation::server);
  }

  @Override
  public Future<Allocation> prepare(Matchup matchup) {
    return OwnThread.run("room of a match", () -> prepareNow(matchup))
        .recover(
            failure -> {
              LOG.warn(
                  "A room for match {} cannot be prepared: {}",
                  matchup.match(),
                  failure.toString());
              return Future.failedFuture(FAILED);
            });
  }

  private Allocation prepareNow(Matchup matchup) {
    Game game = game(matchup.mode());
    LobbyRules lobby = lobby(game.info(), matchup);
    String room = "room_" + matchup.match();
    RoomRow row = RoomRow.opened(room, lobby, ids.token(RoomDependencies.SEED_BYTES));
    long now = clock.millis();
    String initial = profiles.of(lobby).encode();
    var start = new Start(Phase.ACTIVE, row.seed(), now, initial, null);
    // A game that cannot be started with these players fails here, before anybody is told.
    var first = game.start(row.begun(start).setup(lobby)).current();
    Long wake = RoomMatch.firstWake(first, lobby.bots(), now);
    RelayAddress here = address.get();
    return new Allocation(
        matchup,
        new GameServer(here.address(), here.port(), room),
        new RunningRoom(
            row,
            lobby,
            new Start(Phase.ACTIVE, row.seed(), now, initial, wake),
            matchRoom(room, lobby, matchup)));
  }

  private Game game(@Nullable String mode) {
    Optional<Game> named = mode == null ? Optional.empty() : games.findActive(mode);
    return named.orElseGet(() -> gameKey == null ? games.standard() : games.require(gameKey));
  }

  private static List<Participant> participants(Matchup matchup) {
    return Stream.concat(matchup.teamA().stream(), matchup.teamB().stream()).toList();
  }

  private static LobbyRules lobby(GameInfo game, Matchup matchup) {
    List<Participant> participants = participants(matchup);
    if (participants.size() < game.minPlayers() || participants.size() > game.maxPlayers()) {
      throw new IllegalArgumentException(
          "%d players, but %s is for %d to %d"
              .formatted(
                  participants.size(), game.gameKey(), game.minPlayers(), game.maxPlayers()));
    }
    var seats = new ArrayList<TakenSeat>();
    for (Participant participant : participants) {
      int index = seats.size();
      seats.add(
          participant.player() == null
              ? new TakenSeat(index, "", null, true, bot(game))
              : new TakenSeat(
                  index, MatchCommand.user(participant.player()), participant.name(), true));
    }
    return new LobbyRules(game, LobbyRules.NO_HOST, Phase.ACTIVE, game.maxPlayers(), seats);
  }

  private static BotInfo bot(GameInfo game) {
    return game.bots().stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(game.gameKey() + " has no bots"));
  }

  private static MatchRoom matchRoom(String room, LobbyRules lobby, Matchup matchup) {
    GameInfo game = lobby.game();
    var seats = new ArrayList<Seat>();
    for (Participant participant : participants(matchup)) {
      seats.add(new Seat(game.playerIDs().get(seats.size()), participant.player()));
    }
    return new MatchRoom(room, game.gameKey(), game.deploymentVersion(), seats);
  }

  private final class RunningRoom implements PreparedRoom {
    private final RoomRow row;
    private final LobbyRules lobby;
    private final Start start;
    private final MatchRoom room;

    RunningRoom(RoomRow row, LobbyRules lobby, Start start, MatchRoom room) {
      this.row = row;
      this.lobby = lobby;
      this.start = start;
      this.room = room;
    }

    @Override
    public MatchRoom room() {
      return room;
    }

    @Override
    public void open(Transaction tx) {
      rooms.insert(tx, row);
      rooms.saveLobby(tx, row.room(), lobby);
      rooms.begin(tx, row.room(), start);
    }
  }
}
