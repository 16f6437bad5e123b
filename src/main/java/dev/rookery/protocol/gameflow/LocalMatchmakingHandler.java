package dev.rookery.protocol.gameflow;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Connection;
import dev.rookery.edge.EncodedFrame;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.matchmaking.MatchmakingCommand.CreatedTicket;
import dev.rookery.matchmaking.MatchmakingEvent;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Searches with this server's own matchmaking. Confined to the event loop of its socket. */
final class LocalMatchmakingHandler implements MatchmakingHandler {
  private static final int SIZE_DEFAULT = 2;
  // A player has one ticket at a time.
  private static final int HELD_MAX = 8;

  private final Connection connection;
  private final Bus bus;
  private final PlayerId player;
  private final MatchAnnouncement announcement;
  private final Ids ids;
  private final String defaultMode;
  private final String defaultRegion;
  private @Nullable String ticket;
  // Outcomes that arrive before it is known whether they are those of the search; null if it is.
  private @Nullable Deque<MatchmakingEvent> held;
  private boolean closed;

  /**
   * @param announcement tells the player of their match
   * @param defaultMode the mode of searches that name none
   * @param defaultRegion the region of searches that name none
   */
  LocalMatchmakingHandler(
      Connection connection,
      Bus bus,
      PlayerId player,
      MatchAnnouncement announcement,
      Ids ids,
      String defaultMode,
      String defaultRegion) {
    this.connection = connection;
    this.bus = bus;
    this.player = player;
    this.announcement = announcement;
    this.ids = ids;
    this.defaultMode = defaultMode;
    this.defaultRegion = defaultRegion;
  }

  @Override
  public Future<?> find(ClientMessage message) {
    if (ticket != null) {
      connection.send(ServerMessage.error("Already searching for a match"));
      return Future.succeededFuture();
    }
    var criteria =
        new Criteria(
            message.text("mode", defaultMode),
            message.text("region", defaultRegion),
            message.number("size", SIZE_DEFAULT));
    held = new ArrayDeque<>(1);
    String id = ids.uuid();
    return bus.ask(new MatchmakingCommand.Search(player, criteria, id))
        .onSuccess(
            created -> {
              if (closed) {
                // Nobody else would cancel the search.
                cancelUnseen(created.ticket());
                return;
              }
              ticket = created.ticket();
              connection.send(ServerMessage.searching(created.ticket()));
              release();
            })
        .<@Nullable CreatedTicket>map(created -> created)
        .otherwise(
            cause -> {
              connection.send(refusal(cause));
              if (!Refused.isByRule(cause)) {
                // It may have begun although the answer did not come.
                cancelUnseen(id);
              }
              release();
              return null;
            });
  }

  private void cancelUnseen(String created) {
    var _ = bus.undo(new MatchmakingCommand.CancelTicket(created));
  }

  private static EncodedFrame refusal(Throwable cause) {
    if (cause instanceof Refused refused) {
      if (refused.refusal().code().equals("already_searching")) {
        return ServerMessage.error("Already searching for a match");
      }
      if (refused.refusal().code().equals("not_leader")) {
        return ServerMessage.searchFailed("Only the leader of a party can search");
      }
      if (refused.refusal() instanceof Refusal.Invalid(_, var fields)) {
        return ServerMessage.searchFailed(fault(fields));
      }
    }
    return ServerMessage.searchFailed("Failed to enter matchmaking");
  }

  /** A wrong field of the search says more than a party that does not fit because of it. */
  private static String fault(Map<String, List<String>> fields) {
    for (String field : List.of("mode", "region", "size")) {
      List<String> faults = fields.getOrDefault(field, List.of());
      if (!faults.isEmpty()) {
        return "Invalid search: " + field + " " + faults.getFirst();
      }
    }
    return fields.containsKey("party")
        ? "The size must be at least twice the number of players in the party"
        : "Invalid search";
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
                ticket = null;
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

  /**
   * Tells of each match of the player: also of one that the leader of their party has searched, or
   * they themselves on another connection. A search that fails is told to who began it.
   */
  @Override
  public void onOutcome(MatchmakingEvent outcome) {
    if (held != null) {
      if (held.size() == HELD_MAX) {
        held.removeFirst();
      }
      held.addLast(outcome);
      return;
    }
    switch (outcome) {
      case MatchmakingEvent.Matched(var which, var match) -> {
        if (which.equals(ticket)) {
          ticket = null;
        }
        connection.send(announcement.found(match));
      }
      case MatchmakingEvent.Expired(var which) when which.equals(ticket) -> {
        ticket = null;
        connection.send(ServerMessage.searchFailed("No match was found in time"));
      }
      case MatchmakingEvent.Expired _ -> {}
    }
  }

  private void release() {
    Deque<MatchmakingEvent> outcomes = held;
    held = null;
    if (outcomes != null) {
      outcomes.forEach(this::onOutcome);
    }
  }

  @Override
  public void onOutcomesLost() {
    if (ticket != null) {
      cancelUnseen(ticket);
      ticket = null;
      connection.send(ServerMessage.searchFailed("Matchmaking unavailable"));
    }
  }

  @Override
  public Future<?> disconnect() {
    closed = true;
    String current = ticket;
    ticket = null;
    return current == null
        ? Future.succeededFuture()
        : bus.undo(new MatchmakingCommand.CancelTicket(current));
  }
}
