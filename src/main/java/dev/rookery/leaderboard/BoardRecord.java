package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of a board. Exactly one of player and label is set.
 *
 * @param subscore decides between equal scores, in the order of the board; 0 if it has none
 * @param submissions how many submissions the record has received
 */
public record BoardRecord(
    RecordId id,
    BoardId board,
    @Nullable PlayerId player,
    @Nullable String label,
    long score,
    long subscore,
    long submissions,
    Map<String, Object> metadata,
    long createdMs,
    long updatedMs) {}
