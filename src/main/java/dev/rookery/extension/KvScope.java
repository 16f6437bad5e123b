package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/**
 * What a key-value entry belongs to: nothing, a player, a lobby, or a player in a lobby. The same
 * key may be used in each scope.
 */
public record KvScope(@Nullable Long userId, @Nullable Long lobbyId) {
  public static final KvScope GLOBAL = new KvScope(null, null);

  public static KvScope ofUser(long userId) {
    return new KvScope(userId, null);
  }

  public static KvScope ofLobby(long lobbyId) {
    return new KvScope(null, lobbyId);
  }

  public static KvScope ofUserInLobby(long userId, long lobbyId) {
    return new KvScope(userId, lobbyId);
  }
}
