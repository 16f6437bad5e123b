package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a lobby; null keeps a value, or takes the default in a new lobby.
 *
 * @param password empty clears it
 */
public record LobbySettings(
    @Nullable String title,
    @Nullable Integer maxUsers,
    @Nullable Boolean hidden,
    @Nullable Boolean locked,
    @Nullable String password,
    @Nullable Map<String, Object> metadata) {
  /** Sets nothing. */
  public static final LobbySettings NONE = new LobbySettings(null, null, null, null, null, null);

  public LobbySettings withTitle(@Nullable String text) {
    return new LobbySettings(text, maxUsers, hidden, locked, password, metadata);
  }

  public LobbySettings withMaxUsers(@Nullable Integer max) {
    return new LobbySettings(title, max, hidden, locked, password, metadata);
  }

  public LobbySettings withHidden(@Nullable Boolean isHidden) {
    return new LobbySettings(title, maxUsers, isHidden, locked, password, metadata);
  }

  public LobbySettings withLocked(@Nullable Boolean isLocked) {
    return new LobbySettings(title, maxUsers, hidden, isLocked, password, metadata);
  }

  public LobbySettings withPassword(@Nullable String text) {
    return new LobbySettings(title, maxUsers, hidden, locked, text, metadata);
  }

  public LobbySettings withMetadata(@Nullable Map<String, Object> object) {
    return new LobbySettings(title, maxUsers, hidden, locked, password, object);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "LobbySettings[title=" + title + ", maxUsers=" + maxUsers + "]";
  }
}
