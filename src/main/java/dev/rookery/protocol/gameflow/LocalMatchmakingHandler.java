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
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches with this server's own matchmaking. Confined to the event loop of its socket. */
final class LocalMatchmakingHandler implements MatchmakingHandler, Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(LocalMatchmakingHandler.class);
  private static final int SIZE_DEFAULT = 2;

  private final Connection connection;
  private final Bus bus;
  private final FanOut fanOut;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private final String defaultMode;
  private final String defaultRegion;
  private @Nullable Subscription subscription;
  private @Nullable String ticket;

  /**
   * @param announcement tells the player of their match
   * @param defaultMode the mode of searches that name none
   * @param defaultRegion the region of searches that name none
   */
  LocalMatchmakingHandler(
      Connection connection,
      Bus bus,
      FanOut fanOut,
      PlayerId player,
      MatchAnnouncement announcement,
      String defaultMode,
      String defaultRegion) {
    this.connection = connection;
    this.bus = bus;
    this.fanOut = fanOut;
    this.player = player;
    this.announcement = announcement;
    this.defaultMode = defaultMode;
    this.defaultRegion = defaultRegion;
  }

  @Override
  public Future<?> find(ClientMessage message) {
    if (subscription != null) {
      connection.send(ServerMessage.error("Already searching for a match"));
      return Future.succeededFuture();
    }
    var criteria =
        new Criteria(
            message.text("mode", defaultMode),
            message.text("region", defaultRegion),
            message.number("size", SIZE_DEFAULT));
    Subscription subscribed = fanOut.subscribe(Topic.player(player), this);
    subscription = subscribed;
    return bus.ask(new MatchmakingCommand.Search(player, criteria))
        .onSuccess(
            created -> {
              if (!subscribed.equals(subscription)) {
                // The socket ended meanwhile; nobody would cancel the search.
                cancelUnseen(created.ticket());
                return;
              }
              ticket = created.ticket();
              connection.send(ServerMessage.searching(created.ticket()));
              subscribed.startAfter(created.position());
            })
        .<@Nullable CreatedTicket>map(created -> created)
        .otherwise(
            cause -> {
              end();
              connection.send(refusal(cause));
              return null;
            });
  }

  private void cancelUnseen(String created) {
    bus.ask(new MatchmakingCommand.CancelTicket(created))
        .onFailure(cause -> LOG.debug("a search without a socket is not cancelled", cause));
  }

  private static EncodedFrame refusal(Throwable cause) {
    if (cause instanceof Refused refused) {
      if (refused.refusal().code().equals("already_searching")) {
        return ServerMessage.error("Already searching for a match");
      }
      if (refused.refusal().code().equals("not_leader")) {
        return ServerMessage.searchFailed("Only the leader of a party can search");
      }
      if (refused.refusal() instanceof Refusal.Invalid) {
        return ServerMessage.searchFailed("Invalid search");
      }
    }
    return ServerMessage.searchFailed("Failed to enter matchmaking");
  }

  /** Cancels the search. If it was matched at the same moment, the match is sent instead. */
  @Override
  public Future<?> cancel() {
    String current = ticket;
    if (current == null) {
      connection.send(ServerMessage.SEARCH_CANCELLED);
      return Future.succeededFuture();
    }
    return bus.ask(new MatchmakingCommand.CancelTicket(current))
        .onSuccess(
            cancelled -> {
              if (cancelled) {
                end();
                connection.send(ServerMessage.SEARCH_CANCELLED);
              }
            })
        .onFailure(_ -> connection.send(ServerMessage.error(ErrorTexts.INTERNAL_ERROR)))
        .otherwise(false);
  }

  @Override
  public Future<?> explain() {
    return bus.ask(new MatchmakingCommand.ExplainTicket(player))
        .onSuccess(explanation -> connection.send(ServerMessage.explanation(explanation)))
        .onFailure(
            cause -> {
              boolean none =
                  cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
              connection.send(
                  ServerMessage.error(
                      none ? "Not searching for a match" : ErrorTexts.INTERNAL_ERROR));
            })
        .<@Nullable Object>map(explanation -> explanation)
        .otherwise((Object) null);
  }

  @Override
  public void onEvent(Delivery delivery) {
    switch (delivery.posted().event()) {
      case MatchmakingEvent.Matched(var which, var match) when which.equals(ticket) -> {
        end();
        connection.send(announcement.found(match));
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
    disconnect();
    connection.send(ServerMessage.searchFailed("Matchmaking unavailable"));
  }

  @Override
  public String wire() {
    return GameFlowPreview.WIRE;
  }

  private void end() {
    if (subscription != null) {
      subscription.cancel();
    }
    subscription = null;
    ticket = null;
  }

  @Override
  public Future<?> disconnect() {
    String current = ticket;
    end();
    return current == null
        ? Future.succeededFuture()
        : bus.ask(new MatchmakingCommand.CancelTicket(current));
  }
}
