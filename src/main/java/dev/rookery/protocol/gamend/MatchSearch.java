package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.protocol.phoenix.ChannelReply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The search for a match of one {@code user} channel; it ends with the channel. What comes of it is
 * pushed with the other events of the player.
 */
final class MatchSearch {
  private static final int SIZE_DEFAULT = 2;

  private final Bus bus;
  private final PlayerId player;
  private @Nullable String ticket;
  private boolean ended;

  MatchSearch(Bus bus, PlayerId player) {
    this.bus = bus;
    this.player = player;
  }

  /** Searches for the player, or for the party that they lead. */
  Future<ChannelReply> find(@Nullable JsonObject wanted) {
    if (wanted == null
        || !(wanted.getValue("mode") instanceof String mode)
        || !(wanted.getValue("region") instanceof String region)
        || !(wanted.getValue("size", SIZE_DEFAULT) instanceof Integer size)) {
      return Future.succeededFuture(ErrorReply.of("invalid_search"));
    }
    return bus.ask(new MatchmakingCommand.Search(player, new Criteria(mode, region, size)))
        .compose(
            created -> {
              ticket = created.ticket();
              ChannelReply reply = ChannelReply.ok(JsonObject.of("ticket_id", created.ticket()));
              // A channel that ended meanwhile has had no ticket to cancel.
              return ended ? cancelTicket().map(reply) : Future.succeededFuture(reply);
            })
        .recover(ErrorReply::orFail);
  }

  /** Whether it was cancelled; not if the match has been found. */
  Future<ChannelReply> cancel() {
    return cancelTicket().map(cancelled -> ChannelReply.ok(JsonObject.of("cancelled", cancelled)));
  }

  /** The channel has ended: cancels the search, also one that is about to begin. */
  Future<Boolean> end() {
    ended = true;
    return cancelTicket();
  }

  private Future<Boolean> cancelTicket() {
    String current = ticket;
    ticket = null;
    return current == null
        ? Future.succeededFuture(false)
        : bus.ask(new MatchmakingCommand.CancelTicket(current));
  }
}
