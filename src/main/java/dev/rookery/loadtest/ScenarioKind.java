package dev.rookery.loadtest;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a figure is given for. */
enum ScenarioKind {
  FIRST_LOGIN("a device nobody has seen signs in", LoadParameter.CONNECTIONS),
  RETURNING_LOGIN("a known device signs in", LoadParameter.CONNECTIONS),
  PASSWORD_LOGIN(
      "players sign in with their passwords, all at once; beside them one reads his profile",
      LoadParameter.CONNECTIONS),
  ME("a player reads his profile", LoadParameter.CONNECTIONS),
  LOBBY("a host opens a lobby, three join, all leave", LoadParameter.CONNECTIONS),
  POST("a member of a lobby of his own sends a message", LoadParameter.CONNECTIONS),
  CHAT(
      "messages persisted, acknowledged and delivered to every member of a lobby",
      LoadParameter.CHANNELS,
      LoadParameter.MEMBERS,
      LoadParameter.TALKING,
      LoadParameter.BYTES),
  FANOUT(
      "messages to the spectators of one lobby, stamped when they are due",
      LoadParameter.FOLLOWERS,
      LoadParameter.RATE,
      LoadParameter.IN_FLIGHT,
      LoadParameter.BYTES,
      LoadParameter.OPENING),
  CONNECT(
      "sockets opened, token checked, user channel joined",
      LoadParameter.SOCKETS,
      LoadParameter.OPENING),
  IDLE(
      "sockets with their user channel joined that do nothing",
      LoadParameter.SOCKETS,
      LoadParameter.OPENING),
  RELAY(
      "two of a room say something to each other, over and over",
      LoadParameter.PAIRS,
      LoadParameter.OPENING),
  CYCLE(
      "four meet in a lobby of the GameFlow wire, get ready and start a match, over and over",
      LoadParameter.GROUPS,
      LoadParameter.OPENING),
  PLAY(
      "players gather, chat, move, lose their connection and resume, over all nodes",
      LoadParameter.PLAYERS,
      LoadParameter.LOBBIES,
      LoadParameter.THINK_MS,
      LoadParameter.DROPS,
      LoadParameter.MOVES);

  private final String meaning;
  private final Set<LoadParameter> flags;

  ScenarioKind(String meaning, LoadParameter... flags) {
    this.meaning = meaning;
    this.flags = EnumSet.of(LoadParameter.SECONDS, LoadParameter.WARMUP);
    this.flags.addAll(Set.of(flags));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String meaning() {
    return meaning;
  }

  boolean knows(LoadParameter flag) {
    return flags.contains(flag);
  }

  /** Whether a bare server can do the same work, so that there is something to compare with. */
  boolean hasReference() {
    return this != PLAY && this != CYCLE && this != PASSWORD_LOGIN;
  }

  Scenario on(ScenarioContext stage) {
    return switch (this) {
      case FIRST_LOGIN -> new RequestScenario(stage, RequestSequence.FirstLogin::new);
      case RETURNING_LOGIN -> new RequestScenario(stage, RequestSequence.ReturningLogin::new);
      case PASSWORD_LOGIN -> new PasswordLoginScenario(stage);
      case ME -> new RequestScenario(stage, RequestSequence.ReadProfile::new);
      case LOBBY -> new RequestScenario(stage, RequestSequence.LobbyLifecycle::new);
      case POST -> new RequestScenario(stage, RequestSequence.SendChatMessage::new);
      case CHAT -> new ChatScenario(stage);
      case FANOUT -> new FanOutScenario(stage);
      case CONNECT -> new ConnectScenario(stage);
      case IDLE -> new IdleScenario(stage);
      case RELAY -> new RelayScenario(stage);
      case CYCLE -> new TeamMatchScenario(stage);
      case PLAY -> new PlayScenario(stage);
    };
  }
}
