package dev.rookery.base;

/**
 * Names of what one can follow. {@code player:7} and {@code lobby:12} are streams: their events
 * have positions and rest in the outbox. {@code lobbies} is a feed: short-lived, without positions.
 */
public final class Topic {
  public static final String LOBBIES = "lobbies";

  /** Before a player's id. */
  public static final String PLAYER = "player:";

  private Topic() {}

  public static String player(PlayerId player) {
    return PLAYER + player.value();
  }

  public static String lobby(LobbyId lobby) {
    return "lobby:" + lobby.value();
  }
}
