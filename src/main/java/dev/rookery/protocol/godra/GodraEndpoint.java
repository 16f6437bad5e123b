package dev.rookery.protocol.godra;

import dev.rookery.auth.GuestCommand;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Connection;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.player.PlayerCommand;
import dev.rookery.script.ScriptException;
import dev.rookery.script.Scripts;
import dev.rookery.session.Registration;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the sockets of games at {@code /ws?token=&game_id=} (Godra contract, "WebSocket").
 * Requests with neither parameter are left to other protocols.
 */
public final class GodraEndpoint implements Protocol, AutoCloseable {
  private static final String PATH = "/ws";
  private static final String TOKEN = "token";
  private static final String GAME = "game_id";
  private static final int GAME_MAX = 128;

  private final WebSocketUpgrader upgrader;
  private final AllowedOrigins origins;
  private final Bus bus;
  private final Sessions sessions;
  private final Scripts scripts;
  private final GodraSettings settings;
  private final CallerAuthentication authentication;
  private final GodraMeters meters;
  private final GameFeeds feeds;
  private final ConnectedGuests guests;

  public GodraEndpoint(
      WebSocketUpgrader upgrader,
      AllowedOrigins origins,
      Vertx vertx,
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Scripts scripts,
      GodraSettings settings,
      MeterRegistry registry) {
    this.upgrader = upgrader;
    this.origins = origins;
    this.bus = bus;
    this.sessions = sessions;
    this.scripts = scripts;
    this.settings = settings;
    this.authentication = new CallerAuthentication(bus, sessions, tokens, clock);
    this.meters = new GodraMeters(registry);
    this.feeds = new GameFeeds(vertx, settings.batch().toMillis(), meters, registry);
    this.guests = new ConnectedGuests(vertx, bus, scripts, clock, settings.guestSilence());
    scripts.engine().updates().deliverTo(feeds);
  }

  @Override
  public void mount(Router router) {
    router.route(PATH).setName(PATH).handler(this::handle);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  /** Ends the checks of guests. */
  @Override
  public void close() {
    guests.close();
  }

  private void handle(RoutingContext context) {
    var query = context.queryParams();
    if (!query.contains(TOKEN) && !query.contains(GAME)) {
      context.next();
      return;
    }
    HttpServerRequest request = context.request();
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !origins.allowsSocket(origin)) {
      context.response().setStatusCode(403).end();
      return;
    }
    var stranger = SocketOwner.stranger(RequestInfo.of(context).clientAddress());
    if (!upgrader.admit(request, stranger)) {
      return;
    }
    String token = query.get(TOKEN);
    if (token == null || token.isEmpty()) {
      refuse(context, 401, GodraResponses.UNAUTHORIZED);
      return;
    }
    request.pause();
    String game = query.get(GAME);
    authentication
        .authenticate(token)
        .onComplete(
            caller -> enter(context, stranger, caller, game == null ? "" : game),
            failure -> refuseToken(context, failure));
  }

  private static void refuse(RoutingContext context, int status, String text) {
    context.request().resume();
    GodraResponses.text(context, status, text);
  }

  private static void refuseToken(RoutingContext context, Throwable failure) {
    if (CallerAuthentication.isInvalid(failure)) {
      refuse(context, 401, GodraResponses.UNAUTHORIZED);
    } else {
      fail(context, failure);
    }
  }

  private static void fail(RoutingContext context, Throwable failure) {
    context.request().resume();
    GodraResponses.failed(context, failure);
  }

  private void enter(RoutingContext context, SocketOwner stranger, Caller caller, String game) {
    if (game.isBlank()) {
      refuse(context, 400, "Missing game_id");
    } else if (game.codePointCount(0, game.length()) > GAME_MAX
        || !Text.isStorable(game)
        || game.chars().anyMatch(Character::isISOControl)) {
      refuse(context, 400, "Invalid game_id");
    } else if (!WebSocketUpgrader.isUpgradeRequest(context.request())) {
      refuse(context, 400, "Bad Request");
    } else {
      // The context of all sockets of this event loop, on which messages are delivered.
      ContextInternal loop = ((ContextInternal) Vertx.currentContext()).unwrap();
      loop.runOnContext(
          _ ->
              findName(caller, game)
                  .onComplete(
                      name ->
                          connect(
                              new Entry(
                                  context, loop, owner(stranger, caller), caller, name, game)),
                      failure -> refuseToken(context, failure)));
    }
  }

  private static SocketOwner owner(SocketOwner stranger, Caller caller) {
    Session session = caller.session();
    return session == null ? stranger : stranger.signedInAs(session.player());
  }

  /** The user name by which scripts know the caller; that of a guest is their id. */
  private Future<String> findName(Caller caller, String game) {
    Session session = caller.session();
    return session == null
        ? bus.ask(new GuestCommand.EnterGame(caller.id(), game))
            .compose(
                exists ->
                    exists
                        ? Future.succeededFuture(caller.id())
                        : Future.failedFuture(Refused.denied("session_ended")))
        : bus.ask(new PlayerCommand.FindUsername(session.player()));
  }

  /** A socket that is to be opened. */
  private record Entry(
      RoutingContext context,
      ContextInternal loop,
      SocketOwner owner,
      Caller caller,
      String name,
      String game) {
    List<byte[]> args() {
      return List.of(bytes(name), bytes(game), bytes(caller.id()));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  private void connect(Entry entry) {
    scripts
        .call("on_connect", GameKeys.of(entry.game), entry.args())
        .onComplete(_ -> upgrade(entry), failure -> reject(entry, failure));
  }

  private void reject(Entry entry, Throwable failure) {
    if (failure instanceof ScriptException known && !GodraResponses.isOutage(known)) {
      refuse(entry.context, 403, "Connection rejected: " + known.text());
    } else {
      entry.context.request().resume();
      GodraResponses.scriptFailed(entry.context, failure);
    }
    // Whatever the script has done before it failed.
    leave(entry);
  }

  private void leave(Entry entry) {
    if (entry.caller.isGuest()) {
      guests.onRejected(entry.caller.id(), entry.game).onFailure(_ -> {});
    }
  }

  private void upgrade(Entry entry) {
    var opened = new boolean[1];
    // A guest whose socket is not opened must not stay in the game.
    Runnable end =
        () -> {
          if (!opened[0]) {
            opened[0] = true;
            leave(entry);
          }
        };
    if (entry.context.response().closed()) {
      end.run();
      return;
    }
    entry.context.addEndHandler(_ -> end.run());
    upgrader.upgrade(
        entry.context.request(),
        entry.owner,
        connection -> {
          opened[0] = true;
          return open(connection, entry);
        });
  }

  private WebSocketListener open(Connection connection, Entry entry) {
    return new OpenGame(connection, entry).socket;
  }

  /** What belongs to an open socket. */
  private final class OpenGame {
    private final Entry entry;
    private final GameSocket socket;
    private final @Nullable Registration sessionEnd;

    OpenGame(Connection connection, Entry entry) {
      this.entry = entry;
      List<byte[]> keys = GameKeys.lobby(entry.game);
      byte[] name = Entry.bytes(entry.name);
      byte[] id = Entry.bytes(entry.caller.id());
      this.socket =
          new GameSocket(
              connection,
              meters,
              settings.queueMax(),
              message -> scripts.call("update_state", keys, List.of(name, message, id)),
              this::onHeard,
              this::onClosed);
      feeds.add(entry.game, entry.loop, socket);
      Session session = entry.caller.session();
      if (session == null) {
        guests.add(entry.caller.id(), entry.game, socket);
        this.sessionEnd = null;
      } else {
        this.sessionEnd =
            sessions.onEnd(session.id(), () -> connection.close(CloseReason.SESSION_ENDED));
      }
    }

    private void onHeard() {
      if (entry.caller.isGuest()) {
        guests.onHeard(entry.caller.id());
      }
    }

    private Future<?> onClosed() {
      feeds.remove(entry.game, entry.loop, socket);
      if (sessionEnd != null) {
        sessionEnd.close();
      }
      return entry.caller.isGuest()
          ? guests.remove(entry.caller.id(), entry.game, socket)
          : Future.succeededFuture();
    }
  }
}
