package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.GameFlowMatchmaker;
import dev.rookery.allocation.Matchup;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Connection;
import dev.rookery.lobby.Match;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search that the GameFlow API does. Confined to the event loop of its socket. */
final class GameFlowMatchmakingHandler implements MatchmakingHandler {
  private final Connection connection;
  private final Context context;
  private final Bus bus;
  private final GameFlowMatchmaker queue;
  private final PlayerId player;
  private final Ids ids;
  private final InstantSource clock;
  private @Nullable Search search;

  GameFlowMatchmakingHandler(
      Connection connection,
      Context context,
      Bus bus,
      GameFlowMatchmaker queue,
      PlayerId player,
      Ids ids,
      InstantSource clock) {
    this.connection = connection;
    this.context = context;
    this.bus = bus;
    this.queue = queue;
    this.player = player;
    this.ids = ids;
    this.clock = clock;
  }

  /** One search; what comes of an earlier one is nobody's business. */
  private static final class Search {
    private @Nullable String account;
    private @Nullable String ticket;
    private volatile boolean over;
  }

  @Override
  public Future<?> find(ClientMessage message) {
    if (search != null) {
      connection.send(ServerMessage.error("Already searching for a match"));
      return Future.succeededFuture();
    }
    var mine = new Search();
    search = mine;
    return bus.ask(new PlayerCommand.Find(player))
        .compose(
            found -> {
              mine.account = found.uuid();
              return queue.enter(found.uuid());
            })
        .onComplete(
            entered ->
                context.runOnContext(
                    _ -> {
                      if (entered.succeeded()) {
                        entered(mine, entered.result());
                      } else {
                        failed(mine, entered.cause());
                      }
                    }))
        .<@Nullable String>map(ticket -> ticket)
        .otherwise((String) null);
  }

  private void entered(Search mine, String ticket) {
    mine.ticket = ticket;
    if (mine.over) {
      drop(mine);
      return;
    }
    connection.send(ServerMessage.searching(ticket));
    queue
        .assigned(ticket, () -> !mine.over)
        .onComplete(
            assigned ->
                context.runOnContext(
                    _ -> {
                      if (assigned.failed()) {
                        failed(mine, assigned.cause());
                      } else if (!mine.over) {
                        end(mine);
                        var nobody = new Matchup(ids.uuid(), List.of(), List.of());
                        connection.send(
                            ServerMessage.matchFound(
                                new Match(nobody, clock.millis(), assigned.result())));
                      }
                    }));
  }

  private void failed(Search mine, Throwable cause) {
    if (!mine.over) {
      drop(mine);
      String words =
          cause instanceof GameFlowMatchmaker.MatchmakingException failed
              ? failed.getMessage()
              : null;
      connection.send(
          ServerMessage.searchFailed(words == null ? "Failed to enter matchmaking" : words));
    }
  }

  @Override
  public Future<?> cancel() {
    Search mine = search;
    if (mine != null) {
      drop(mine);
    }
    connection.send(ServerMessage.SEARCH_CANCELLED);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> why() {
    connection.send(
        ServerMessage.error(
            search == null ? "Not searching for a match" : "Only the GameFlow API knows"));
    return Future.succeededFuture();
  }

  private void end(Search mine) {
    mine.over = true;
    if (search == mine) {
      search = null;
    }
  }

  private Future<Void> drop(Search mine) {
    end(mine);
    String ticket = mine.ticket;
    String account = mine.account;
    return ticket == null || account == null
        ? Future.succeededFuture()
        : queue.leave(ticket, account);
  }

  @Override
  public Future<?> gone() {
    Search mine = search;
    return mine == null ? Future.succeededFuture() : drop(mine);
  }
}
