package dev.rookery.matchmaking;

import dev.rookery.allocation.Match;
import dev.rookery.base.Event;

/** The outcome of a ticket, published on the stream of each of its players. */
public sealed interface MatchmakingEvent extends Event {
  /** The ticket was matched; the match has a game server. */
  record Matched(String ticket, Match match) implements MatchmakingEvent {}

  /**
   * The ticket was removed because no match was found within its lifetime, or because its party
   * changed.
   */
  record Expired(String ticket) implements MatchmakingEvent {}
}
