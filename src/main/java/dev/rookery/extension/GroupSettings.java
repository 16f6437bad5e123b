package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a group; null keeps a value, or takes the default in a new group.
 *
 * @param type {@code public}, {@code private} or {@code hidden}
 */
public record GroupSettings(
    @Nullable String title,
    @Nullable String description,
    @Nullable String type,
    @Nullable Integer maxMembers,
    @Nullable Map<String, Object> metadata) {
  public static GroupSettings titled(@Nullable String title) {
    return new GroupSettings(title, null, null, null, null);
  }

  public GroupSettings withDescription(@Nullable String text) {
    return new GroupSettings(title, text, type, maxMembers, metadata);
  }

  public GroupSettings withType(@Nullable String name) {
    return new GroupSettings(title, description, name, maxMembers, metadata);
  }

  public GroupSettings withMaxMembers(@Nullable Integer max) {
    return new GroupSettings(title, description, type, max, metadata);
  }

  public GroupSettings withMetadata(@Nullable Map<String, Object> object) {
    return new GroupSettings(title, description, type, maxMembers, object);
  }
}
