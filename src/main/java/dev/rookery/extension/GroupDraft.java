package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a group that is created, or the new ones of a group that is changed. Created by
 * the server alone; later versions may add components. A null is what the client did not send.
 *
 * @param userId the player who does it; -1 for an admin of the server
 * @param groupId -1 for a new group
 * @param type {@code public}, {@code private} or {@code hidden}
 * @param maxMembers how many members it can have
 */
public record GroupDraft(
    long userId,
    long groupId,
    @Nullable String title,
    @Nullable String description,
    @Nullable String type,
    @Nullable Integer maxMembers,
    @Nullable Map<String, Object> metadata) {
  public GroupDraft withTitle(String changed) {
    return new GroupDraft(userId, groupId, changed, description, type, maxMembers, metadata);
  }

  public GroupDraft withDescription(String changed) {
    return new GroupDraft(userId, groupId, title, changed, type, maxMembers, metadata);
  }

  public GroupDraft withType(String changed) {
    return new GroupDraft(userId, groupId, title, description, changed, maxMembers, metadata);
  }

  public GroupDraft withMaxMembers(int changed) {
    return new GroupDraft(userId, groupId, title, description, type, changed, metadata);
  }

  public GroupDraft withMetadata(Map<String, Object> changed) {
    return new GroupDraft(userId, groupId, title, description, type, maxMembers, changed);
  }
}
