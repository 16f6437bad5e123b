package dev.rookery.loadtest;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a figure is given for. */
enum Kind {
  FIRST_LOGIN("a device nobody has seen signs in", Flag.CONNECTIONS),
  RETURNING_LOGIN("a known device signs in", Flag.CONNECTIONS),
  PASSWORD_LOGIN(
      "players sign in with their passwords, all at once; beside them one reads his profile",
      Flag.CONNECTIONS),
  ME("a player reads his profile", Flag.CONNECTIONS),
  LOBBY("a host opens a lobby, three join, all leave", Flag.CONNECTIONS),
  POST("a member of a lobby of his own sends a message", Flag.CONNECTIONS),
  CHAT(
      "messages persisted, acknowledged and delivered to every member of a lobby",
      Flag.CHANNELS,
      Flag.MEMBERS,
      Flag.TALKING,
      Flag.BYTES),
  FANOUT(
      "messages to the spectators of one lobby, stamped when they are due",
      Flag.FOLLOWERS,
      Flag.RATE,
      Flag.IN_FLIGHT,
      Flag.BYTES,
      Flag.OPENING),
  CONNECT("sockets opened, token checked, user channel joined", Flag.SOCKETS, Flag.OPENING),
  IDLE("sockets with their user channel joined that do nothing", Flag.SOCKETS, Flag.OPENING),
  RELAY("two of a room say something to each other, over and over", Flag.PAIRS, Flag.OPENING),
  CYCLE(
      "four meet in a lobby of the GameFlow wire, get ready and start a match, over and over",
      Flag.GROUPS,
      Flag.OPENING),
  PLAY(
      "players gather, chat, move, lose their connection and resume, over all nodes",
      Flag.PLAYERS,
      Flag.LOBBIES,
      Flag.THINK_MS,
      Flag.DROPS,
      Flag.MOVES);

  private final String meaning;
  private final Set<Flag> flags;

  Kind(String meaning, Flag... flags) {
    this.meaning = meaning;
    this.flags = EnumSet.of(Flag.SECONDS, Flag.WARMUP);
    this.flags.addAll(Set.of(flags));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String meaning() {
    return meaning;
  }

  boolean knows(Flag flag) {
    return flags.contains(flag);
  }

  /** Whether a bare server can do the same work, so that there is something to compare with. */
  boolean hasReference() {
    return this != PLAY && this != CYCLE && this != PASSWORD_LOGIN;
  }

  Scenario on(Stage stage) {
    return switch (this) {
      case FIRST_LOGIN -> new Rounds(stage, Round.FirstLogin::new);
      case RETURNING_LOGIN -> new Rounds(stage, Round.ReturningLogin::new);
      case PASSWORD_LOGIN -> new PasswordLogins(stage);
      case ME -> new Rounds(stage, Round.Me::new);
      case LOBBY -> new Rounds(stage, Round.Gather::new);
      case POST -> new Rounds(stage, Round.Post::new);
      case CHAT -> new Chat(stage);
      case FANOUT -> new Broadcast(stage);
      case CONNECT -> new Connect(stage);
      case IDLE -> new Idle(stage);
      case RELAY -> new RelayPairs(stage);
      case CYCLE -> new TeamMatches(stage);
      case PLAY -> new Play(stage);
    };
  }
}
