package dev.rookery.base;

/**
 * Names of the topics that clients can subscribe to. {@code player:7}, {@code lobby:12}, {@code
 * party:3}, {@code group:5} and {@code room:9} are streams: their events have positions and are
 * kept in the outbox. {@code lobbies} and {@code groups} are feeds without positions or history.
 */
public final class Topic {
  public static final String LOBBIES = "lobbies";

  public static final String GROUPS = "groups";

  /** Prefix of a player's topic. */
  public static final String PLAYER = "player:";

  private Topic() {}

  /** The feed on which a player is told when friends come online and go offline. */
  public static String friends(PlayerId player) {
    return "friends:" + player.value();
  }

  public static String player(PlayerId player) {
    return PLAYER + player.value();
  }

  public static String lobby(LobbyId lobby) {
    return "lobby:" + lobby.value();
  }

  public static String party(PartyId party) {
    return "party:" + party.value();
  }

  /** The feed on which the members of a group are told of each other's presence. */
  public static String groupMembers(GroupId group) {
    return "group-members:" + group.value();
  }

  public static String group(GroupId group) {
    return "group:" + group.value();
  }

  /** A room, which is a conversation of a name. */
  public static String room(long id) {
    return "room:" + id;
  }
}
