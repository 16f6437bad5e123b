package dev.rookery.protocol.gameflow;

import dev.rookery.allocation.GameFlowMatchmaker;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Connection;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Searches with the matchmaking of the GameFlow API. Confined to the event loop of its socket. */
final class GameFlowMatchmakingHandler implements MatchmakingHandler {
  private final Connection connection;
  private final Context context;
  private final Bus bus;
  private final GameFlowMatchmaker matchmaker;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private final Ids ids;
  private final InstantSource clock;
  private @Nullable Search search;

  GameFlowMatchmakingHandler(
      Connection connection,
      Context context,
      Bus bus,
      GameFlowMatchmaker matchmaker,
      PlayerId player,
      MatchAnnouncement announcement,
      Ids ids,
      InstantSource clock) {
    this.connection = connection;
    this.context = context;
    this.bus = bus;
    this.matchmaker = matchmaker;
    this.player = player;
    this.announcement = announcement;
    this.ids = ids;
    this.clock = clock;
  }

  /** The state of one search; results of a search that has ended are ignored. */
  private static final class Search {
    private @Nullable String accountId;
    private @Nullable String ticket;
    private volatile boolean ended;
  }

  /** Does not wait for the ticket, which may take long: the player may cancel meanwhile. */
  @Override
  public Future<?> find(ClientMessage message) {
    if (search != null) {
      connection.send(ServerMessage.error("Already searching for a match"));
      return Future.succeededFuture();
    }
    var started = new Search();
    search = started;
    bus.ask(new PlayerCommand.Find(player))
        .compose(
            found -> {
              started.accountId = found.uuid();
              return matchmaker.createTicket(found.uuid());
            })
        .onComplete(
            created ->
                context.runOnContext(
                    _ -> {
                      if (created.succeeded()) {
                        onTicket(started, created.result());
                      } else {
                        onFailed(started, created.cause());
                      }
                    }));
    return Future.succeededFuture();
  }

  private void onTicket(Search current, String ticket) {
    current.ticket = ticket;
    if (current.ended) {
      drop(current);
      return;
    }
    connection.send(ServerMessage.searching(ticket));
    matchmaker
        .awaitAssignment(ticket, () -> !current.ended)
        .onComplete(
            assigned ->
                context.runOnContext(
                    _ -> {
                      if (assigned.failed()) {
                        onFailed(current, assigned.cause());
                      } else if (!current.ended) {
                        end(current);
                        var withoutTeams = new Matchup(ids.uuid(), List.of(), List.of(), null);
                        connection.send(
                            ServerMessage.matchFound(
                                new Match(withoutTeams, clock.millis(), assigned.result(), null),
                                null));
                      }
                    }));
  }

  private void onFailed(Search current, Throwable cause) {
    if (!current.ended) {
      drop(current);
      String text =
          cause instanceof GameFlowMatchmaker.MatchmakingException failed
              ? failed.getMessage()
              : null;
      connection.send(
          ServerMessage.searchFailed(text == null ? "Failed to enter matchmaking" : text));
    }
  }

  @Override
  public Future<?> cancel() {
    Search current = search;
    if (current != null) {
      drop(current);
    }
    connection.send(ServerMessage.SEARCH_CANCELLED);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> explain() {
    connection.send(
        ServerMessage.error(
            search == null ? "Not searching for a match" : "The GameFlow API gives no reasons"));
    return Future.succeededFuture();
  }

  private void end(Search ended) {
    ended.ended = true;
    if (search == ended) {
      search = null;
    }
  }

  private Future<Void> drop(Search dropped) {
    end(dropped);
    String ticket = dropped.ticket;
    String account = dropped.accountId;
    return ticket == null || account == null
        ? Future.succeededFuture()
        : matchmaker.deleteTicket(ticket, account);
  }

  /** Of a search on another wire: those of this socket have no such outcomes. */
  @Override
  public void onOutcome(MatchmakingEvent outcome) {
    if (outcome instanceof MatchmakingEvent.Matched(_, var match)) {
      connection.send(announcement.found(match));
    }
  }

  @Override
  public void onOutcomesLost() {}

  @Override
  public Future<?> disconnect() {
    Search current = search;
    return current == null ? Future.succeededFuture() : drop(current);
  }
}
