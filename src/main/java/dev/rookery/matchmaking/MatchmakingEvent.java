package dev.rookery.matchmaking;

import dev.rookery.base.Event;
import dev.rookery.lobby.Match;

/** On the stream of each player of a ticket. */
public sealed interface MatchmakingEvent extends Event {
  record Matched(String ticket, Match match) implements MatchmakingEvent {}

  /** There was no match in time. */
  record Expired(String ticket) implements MatchmakingEvent {}
}
