package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import org.jspecify.annotations.Nullable;

/**
 * A board with the seasons of the same slug before and after it, in the order of their creation.
 */
public record BoardSeasons(Board board, @Nullable BoardId previous, @Nullable BoardId next) {}
