package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a player. Created by the server alone; later versions may add components.
 *
 * @param displayName null if it stays
 * @param metadata null if it stays
 */
public record UserUpdate(
    long userId, @Nullable String displayName, @Nullable Map<String, Object> metadata) {
  public UserUpdate withDisplayName(String name) {
    return new UserUpdate(userId, name, metadata);
  }

  public UserUpdate withMetadata(Map<String, Object> changed) {
    return new UserUpdate(userId, displayName, changed);
  }
}
