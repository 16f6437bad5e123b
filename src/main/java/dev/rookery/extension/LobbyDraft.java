package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a lobby that is opened, or the new ones of a lobby that is changed. Created by
 * the server alone; later versions may add components. A null is what the client did not send.
 *
 * @param userId the player who does it
 * @param maxUsers how many players may be in it
 */
public record LobbyDraft(
    long userId,
    @Nullable String title,
    @Nullable Integer maxUsers,
    @Nullable Boolean hidden,
    @Nullable Boolean locked,
    @Nullable Map<String, Object> metadata) {
  public LobbyDraft withTitle(String changed) {
    return new LobbyDraft(userId, changed, maxUsers, hidden, locked, metadata);
  }

  public LobbyDraft withMaxUsers(int changed) {
    return new LobbyDraft(userId, title, changed, hidden, locked, metadata);
  }

  public LobbyDraft withHidden(boolean changed) {
    return new LobbyDraft(userId, title, maxUsers, changed, locked, metadata);
  }

  public LobbyDraft withLocked(boolean changed) {
    return new LobbyDraft(userId, title, maxUsers, hidden, changed, metadata);
  }

  public LobbyDraft withMetadata(Map<String, Object> changed) {
    return new LobbyDraft(userId, title, maxUsers, hidden, locked, changed);
  }
}
