package dev.rookery.protocol.gameflow;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.matchmaking.MatchmakingCommand.CreatedTicket;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.matchmaking.TicketPlayer;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A search that this server does. Confined to the event loop of its socket. */
final class LocalMatchmakingHandler implements MatchmakingHandler, Subscriber {
  private static final int SIZE_USUAL = 2;

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final String mode;
  private final String region;
  private @Nullable Subscription following;
  private @Nullable String ticket;

  /**
   * @param mode looked for by those who name none; and so the region
   */
  LocalMatchmakingHandler(
      Connection connection, Bus bus, FanOut fanOut, PlayerId player, String mode, String region) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.mode = mode;
    this.region = region;
  }

  @Override
  public Future<?> find(ClientMessage message) {
    if (following != null) {
      connection.send(ServerMessage.error("Already searching for a match"));
      return Future.succeededFuture();
    }
    var criteria =
        new Criteria(
            message.text("mode", mode),
            message.text("region", region),
            message.number("size", SIZE_USUAL));
    Subscription followed = fanOut.subscribe(Topic.player(player), this);
    following = followed;
    return bus.ask(new PlayerCommand.Find(player))
        .compose(
            found -> {
              var contestant =
                  new TicketPlayer(
                      player,
                      found.uuid(),
                      found.displayName(),
                      TicketPlayer.MU,
                      TicketPlayer.SIGMA);
              return bus.ask(new MatchmakingCommand.CreateTicket(List.of(contestant), criteria));
            })
        .onSuccess(
            searching -> {
              ticket = searching.ticket();
              connection.send(ServerMessage.searching(searching.ticket()));
              followed.startAfter(searching.position());
            })
        .<@Nullable CreatedTicket>map(searching -> searching)
        .otherwise(
            cause -> {
              end();
              connection.send(refusal(cause));
              return null;
            });
  }

  private static EncodedFrame refusal(Throwable cause) {
    if (cause instanceof Refused refused) {
      if (refused.refusal().code().equals("already_searching")) {
        return ServerMessage.error("Already searching for a match");
      }
      if (refused.refusal() instanceof Refusal.Invalid) {
        return ServerMessage.searchFailed("Invalid search");
      }
    }
    return ServerMessage.searchFailed("Failed to enter matchmaking");
  }

  /** If it was matched at the same moment, that comes instead. */
  @Override
  public Future<?> cancel() {
    String mine = ticket;
    if (mine == null) {
      connection.send(ServerMessage.SEARCH_CANCELLED);
      return Future.succeededFuture();
    }
    return bus.ask(new MatchmakingCommand.CancelTicket(mine))
        .onSuccess(
            cancelled -> {
              if (cancelled) {
                end();
                connection.send(ServerMessage.SEARCH_CANCELLED);
              }
            })
        .onFailure(_ -> connection.send(ServerMessage.error(ErrorTexts.BROKEN)))
        .otherwise(false);
  }

  @Override
  public Future<?> why() {
    return bus.ask(new MatchmakingCommand.ExplainTicket(player))
        .onSuccess(explanation -> connection.send(ServerMessage.why(explanation)))
        .onFailure(
            cause -> {
              boolean none =
                  cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
              connection.send(
                  ServerMessage.error(none ? "Not searching for a match" : ErrorTexts.BROKEN));
            })
        .<@Nullable Object>map(explanation -> explanation)
        .otherwise((Object) null);
  }

  @Override
  public void onEvent(Delivery delivery) {
    switch (delivery.posted().event()) {
      case MatchmakingEvent.Matched(var which, var match) when which.equals(ticket) -> {
        end();
        connection.send(ServerMessage.matchFound(match));
      }
      case MatchmakingEvent.Expired(var which) when which.equals(ticket) -> {
        end();
        connection.send(ServerMessage.searchFailed("No match was found in time"));
      }
      default -> {}
    }
  }

  @Override
  public void onLost() {
    gone();
    connection.send(ServerMessage.searchFailed("Matchmaking unavailable"));
  }

  private void end() {
    if (following != null) {
      following.cancel();
    }
    following = null;
    ticket = null;
  }

  @Override
  public Future<?> gone() {
    String mine = ticket;
    end();
    return mine == null
        ? Future.succeededFuture()
        : bus.ask(new MatchmakingCommand.CancelTicket(mine));
  }
}
