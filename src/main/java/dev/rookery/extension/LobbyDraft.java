package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a lobby that is opened, or the new ones of a lobby that is changed. Created by
 * the server alone; later versions may add components. A null is what the client did not send.
 *
 * @param userId the player who does it; -1 for an admin
 * @param lobbyId -1 for a new lobby, and where the host changes the one they are in
 * @param maxUsers how many players may be in it
 */
public record LobbyDraft(
    long userId,
    long lobbyId,
    @Nullable String title,
    @Nullable Integer maxUsers,
    @Nullable Boolean hidden,
    @Nullable Boolean locked,
    @Nullable Map<String, Object> metadata) {
  public LobbyDraft withTitle(String changed) {
    return new LobbyDraft(userId, lobbyId, changed, maxUsers, hidden, locked, metadata);
  }

  public LobbyDraft withMaxUsers(int changed) {
    return new LobbyDraft(userId, lobbyId, title, changed, hidden, locked, metadata);
  }

  public LobbyDraft withHidden(boolean changed) {
    return new LobbyDraft(userId, lobbyId, title, maxUsers, changed, locked, metadata);
  }

  public LobbyDraft withLocked(boolean changed) {
    return new LobbyDraft(userId, lobbyId, title, maxUsers, hidden, changed, metadata);
  }

  public LobbyDraft withMetadata(Map<String, Object> changed) {
    return new LobbyDraft(userId, lobbyId, title, maxUsers, hidden, locked, changed);
  }
}
