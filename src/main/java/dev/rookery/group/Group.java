package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group as protocols show it.
 *
 * @param creator null if their account is deleted
 * @param creatorName empty if none
 * @param members how many members there are
 * @param slowdownSeconds how long a member waits between two messages; 0 for not at all
 */
public record Group(
    GroupId id,
    String title,
    String description,
    GroupType type,
    int membersMax,
    Map<String, Object> metadata,
    @Nullable PlayerId creator,
    String creatorName,
    int members,
    int slowdownSeconds,
    long createdMs,
    long updatedMs) {
  public boolean hidden() {
    return type == GroupType.HIDDEN;
  }
}
