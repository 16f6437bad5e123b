package dev.rookery.leaderboard;

import dev.rookery.base.PlayerId;

/** Whose record it is; a board has at most one record of each owner. */
public sealed interface RecordOwner {
  /** A player. */
  record OfPlayer(PlayerId player) implements RecordOwner {}

  /** A free text that is no player, such as the name of a team. */
  record OfLabel(String label) implements RecordOwner {}
}
