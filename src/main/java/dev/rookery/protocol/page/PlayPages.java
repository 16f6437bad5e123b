package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.match.GameCommand;
import dev.rookery.match.GameManifest;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.PlayableGame;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import dev.rookery.player.PlayerCommand;
import dev.rookery.session.Session;
import dev.rookery.session.TokenSubject;
import dev.rookery.session.Tokens;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the play shell (openturn contract, 6.7): the lobby of a room and the page of its game, and
 * for admins the timeline of its match. Its scripts talk to the routes that all clients use, with
 * an access token for the session of the browser.
 */
final class PlayPages {
  private static final String GAMES = "/play";
  private static final String TOKEN = GAMES + "/token";
  private static final String GUEST = GAMES + "/guest";
  private static final String GAME = GAMES + "/:game";
  private static final String ROOM = GAME + "/:room";
  private static final String TIMELINE = ROOM + "/timeline";
  private static final String TITLE = "title";
  private static final String GUEST_NAME = "Guest";

  private final Bus bus;
  private final Tokens tokens;
  private final GameFramePage frame;

  PlayPages(Bus bus, Tokens tokens, GameFramePage frame) {
    this.bus = bus;
    this.frame = frame;
    this.tokens = tokens;
  }

  void mount(Router router, PageRouter pages) {
    frame.mount(router, pages);
    pages.get(router, GAMES, this::play);
    pages.postSignedIn(router, TOKEN, this::issueToken);
    pages.post(router, GUEST, this::signInAsGuest);
    pages.get(router, GAME, this::showGame);
    pages.get(router, ROOM, this::showRoom);
    pages.getSignedIn(router, TIMELINE, this::showTimeline);
  }

  /** The game of the studio; without one the games of the server. */
  private Future<PageResponse> play(PageRequest request) {
    return frame
        .isPresent(request.context().vertx())
        .compose(present -> present ? Future.succeededFuture(frame.page(request)) : listGames());
  }

  private Future<PageResponse> listGames() {
    return bus.ask(new GameCommand.ListPlayable())
        .map(
            games ->
                PageResponse.Render.ok(
                    "play-games",
                    Map.of(
                        TITLE,
                        Message.of("Play"),
                        "games",
                        games.stream().map(PlayPages::view).toList())));
  }

  private static Map<String, Object> view(PlayableGame game) {
    int min = game.info().minPlayers();
    int max = game.info().maxPlayers();
    return Map.of(
        "key",
        game.info().gameKey(),
        "players",
        min == max
            ? Message.plural("{count} player", "{count} players", max)
            : Message.of("{min} to {max} players", "min", min, "max", max));
  }

  /** An access token for the scripts of the shell, in the session of the browser. */
  private Future<PageResponse> issueToken(PageRequest request) {
    Session session = request.requireSession();
    return bus.ask(new PlayerCommand.Find(session.player()))
        .map(
            player ->
                new PageResponse.Data(
                    JsonObject.of(
                        "token",
                        tokens.access(
                            new TokenSubject(
                                session.id(),
                                session.player(),
                                player.uuid(),
                                player.displayName(),
                                session.admin())))));
  }

  private Future<PageResponse> signInAsGuest(PageRequest request) {
    String path = SignInPages.returnPath(request.field("return_to"));
    return request.session() != null
        ? Future.succeededFuture(new PageResponse.Redirect(path))
        : bus.ask(new AuthCommand.SignInAnonymously(GUEST_NAME, request.client()))
            .map(
                guest ->
                    new PageResponse.SignIn(
                        new TokenPair(
                            guest.token(),
                            "",
                            Tokens.REFRESH_LIFETIME,
                            guest.player(),
                            guest.name()),
                        false,
                        path));
  }

  private Future<PageResponse> showGame(PageRequest request) {
    String gameKey = parameter(request, "game");
    return bus.ask(new GameCommand.ListPlayable())
        .map(
            games ->
                games.stream()
                    .filter(game -> game.info().gameKey().equals(gameKey))
                    .findFirst()
                    .map(
                        game ->
                            page(
                                request,
                                gameKey,
                                game.info().deploymentVersion(),
                                "",
                                game.page(),
                                List.of()))
                    .orElseThrow(() -> Refused.missing("not_found")));
  }

  private static String parameter(PageRequest request, String name) {
    String value = request.context().pathParam(name);
    return value == null ? "" : value;
  }

  private Future<PageResponse> showRoom(PageRequest request) {
    return findRoom(request)
        .compose(
            room -> {
              if (!room.gameKey().equals(parameter(request, "game"))) {
                return Future.succeededFuture(
                    new PageResponse.Redirect(GAMES + "/" + room.gameKey() + "/" + room.room()));
              }
              String version = room.deploymentVersion();
              return bus.ask(new GameCommand.ReadFile(room.gameKey(), version, "index.html"))
                  .map(
                      index ->
                          page(
                              request,
                              room.gameKey(),
                              version,
                              room.room(),
                              index.isPresent(),
                              seats(room)));
            });
  }

  /** Rooms whose names are those that this server gives; others are reached by their own pages. */
  private Future<RoomInfo> findRoom(PageRequest request) {
    String room = parameter(request, "room");
    return GameManifest.isName(room)
        ? bus.ask(new MatchCommand.Find(room))
            .map(found -> found.orElseThrow(() -> Refused.missing("not_found")))
        : Future.failedFuture(Refused.missing("not_found"));
  }

  private static List<Message> seats(RoomInfo room) {
    var seats = new ArrayList<Message>();
    for (int index = 0; index < room.targetCapacity(); index++) {
      int wanted = index;
      Optional<SeatInfo> taken =
          room.seats().stream().filter(seat -> seat.index() == wanted).findFirst();
      seats.add(
          taken.isPresent()
              ? Message.of("Seat {number}: taken", "number", index + 1)
              : Message.of("Seat {number}: open", "number", index + 1));
    }
    return seats;
  }

  private static PageResponse page(
      PageRequest request,
      String gameKey,
      String version,
      String room,
      boolean page,
      List<Message> seats) {
    Session session = request.session();
    var model = new HashMap<String, Object>();
    model.put(TITLE, gameKey);
    model.put("gameKey", gameKey);
    model.put("version", version);
    model.put("room", room);
    model.put("page", Boolean.toString(page));
    model.put("seats", seats);
    model.put("admin", session != null && session.admin());
    model.put("path", GAMES + "/" + gameKey + (room.isEmpty() ? "" : "/" + room));
    return new PageResponse.Application("play", model);
  }

  private Future<PageResponse> showTimeline(PageRequest request) {
    return request.requireSession().admin()
        ? findRoom(request)
            .map(
                room ->
                    new PageResponse.Application(
                        "timeline",
                        Map.of(TITLE, "Timeline", "gameKey", room.gameKey(), "room", room.room())))
        : Future.failedFuture(Refused.denied("forbidden"));
  }
}
