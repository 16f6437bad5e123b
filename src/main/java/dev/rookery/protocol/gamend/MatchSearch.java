package dev.rookery.protocol.gamend;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
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
  private final Ids ids;
  private @Nullable String ticket;
  private boolean ended;

  MatchSearch(Bus bus, PlayerId player, Ids ids) {
    this.bus = bus;
    this.player = player;
    this.ids = ids;
  }

  /** Searches for the player, or for the party that they lead. */
  Future<ChannelReply> find(@Nullable JsonObject wanted) {
    if (wanted == null
        || !(wanted.getValue("mode") instanceof String mode)
        || !(wanted.getValue("region") instanceof String region)
        || !(wanted.getValue("size", SIZE_DEFAULT) instanceof Integer size)) {
      return Future.succeededFuture(ErrorReply.of("invalid_search"));
    }
    String id = ids.uuid();
    return bus.ask(new MatchmakingCommand.Search(player, new Criteria(mode, region, size), id))
        .onFailure(
            cause -> {
              if (!Refused.isByRule(cause)) {
                // It may have begun although the answer did not come.
                bus.undo(new MatchmakingCommand.CancelTicket(id));
              }
            })
        .compose(
            created -> {
              ticket = created.ticket();
              ChannelReply reply = ChannelReply.ok(JsonObject.of("ticket_id", created.ticket()));
              // A channel that ended meanwhile has had no ticket to cancel.
              return ended ? end().map(reply) : Future.succeededFuture(reply);
            })
        .recover(ErrorReply::orFail);
  }

  /** Whether it was cancelled; not if the match has been found. */
  Future<ChannelReply> cancel() {
    String current = ticket;
    Future<Boolean> cancelled =
        current == null
            ? Future.succeededFuture(false)
            : bus.ask(new MatchmakingCommand.CancelTicket(current))
                .onSuccess(
                    _ -> {
                      if (current.equals(ticket)) {
                        ticket = null;
                      }
                    });
    return cancelled.map(done -> ChannelReply.ok(JsonObject.of("cancelled", done)));
  }

  /** The channel has ended: cancels the search, also one that is about to begin. Never fails. */
  Future<?> end() {
    ended = true;
    String current = ticket;
    ticket = null;
    return current == null
        ? Future.succeededFuture()
        : bus.undo(new MatchmakingCommand.CancelTicket(current));
  }
}
