package dev.rookery.loadtest;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The scenarios of the load test. */
enum ScenarioKind {
  FIRST_LOGIN("a new device signs in", LoadParameter.CONNECTIONS),
  RETURNING_LOGIN("a known device signs in", LoadParameter.CONNECTIONS),
  PASSWORD_LOGIN(
      "players sign in with passwords, all at once, while another one reads their profile",
      LoadParameter.CONNECTIONS),
  ME("a player reads their profile", LoadParameter.CONNECTIONS),
  PROFILE("a player reads the public profile of a player", LoadParameter.CONNECTIONS),
  LOBBIES(
      "a player reads the first page of the open lobbies, eight for each connection",
      LoadParameter.CONNECTIONS),
  BOARDS("a player reads the first page of 200 leaderboards", LoadParameter.CONNECTIONS),
  MESSAGES("a player reads the newest of the fifty messages of a lobby", LoadParameter.CONNECTIONS),
  KV_READ("a player reads key-value entries of their own", LoadParameter.CONNECTIONS),
  KV_WRITE(
      "a player replaces key-value entries, sixteen in turn; the node needs kv.playerWrites",
      LoadParameter.CONNECTIONS),
  LOBBY("a host creates a lobby, three players join, all leave", LoadParameter.CONNECTIONS),
  PARTY(
      "a leader creates a party, three friends are invited and accept, one leaves, it is disbanded",
      LoadParameter.CONNECTIONS),
  FRIENDS(
      "a player requests a friendship, which the other one accepts and ends",
      LoadParameter.CONNECTIONS),
  BEFRIEND(
      "a player requests a friendship, which the other one accepts with a request of their own",
      LoadParameter.CONNECTIONS),
  OFFLINE_FRIENDS(
      "players sign in and come online, with many friends who are offline and without friends",
      LoadParameter.FRIENDS),
  ONLINE_FRIENDS(
      "a player comes and goes with two sessions, which each online friend is told once",
      LoadParameter.SOCKETS,
      LoadParameter.OPENING),
  POST("a host alone in a lobby sends messages", LoadParameter.CONNECTIONS),
  RPC(
      "a player calls a function of an extension, which returns a small object",
      LoadParameter.CONNECTIONS),
  CALL_HOOK("the same on sockets, each with one call in flight", LoadParameter.CONNECTIONS),
  POST_HOOK(
      "as post, with an extension whose hook before messages changes nothing",
      LoadParameter.CONNECTIONS),
  SWAP("an admin replaces an extension, each connection one of its own", LoadParameter.CONNECTIONS),
  SUBMIT(
      "an admin submits scores to a large leaderboard",
      LoadParameter.CONNECTIONS,
      LoadParameter.RECORDS),
  TOP(
      "the 25 best records of a large leaderboard are read",
      LoadParameter.CONNECTIONS,
      LoadParameter.RECORDS),
  AROUND(
      "the 11 records around a player of a large leaderboard are read",
      LoadParameter.CONNECTIONS,
      LoadParameter.RECORDS),
  CHAT(
      "messages are stored, acknowledged and delivered to every member of a lobby",
      LoadParameter.CHANNELS,
      LoadParameter.MEMBERS,
      LoadParameter.TALKING,
      LoadParameter.BYTES),
  DIRECT(
      "messages between friends are stored, acknowledged and delivered to both",
      LoadParameter.PAIRS,
      LoadParameter.BYTES),
  FANOUT(
      "messages are delivered to the spectators of one lobby; time counts from when they are due",
      LoadParameter.FOLLOWERS,
      LoadParameter.RATE,
      LoadParameter.IN_FLIGHT,
      LoadParameter.BYTES,
      LoadParameter.OPENING),
  GROUP_CHAT(
      "messages are delivered to the members of one group; time counts from when they are due",
      LoadParameter.FOLLOWERS,
      LoadParameter.RATE,
      LoadParameter.IN_FLIGHT,
      LoadParameter.BYTES,
      LoadParameter.OPENING),
  CONNECT(
      "sockets are opened, with token check and user channel",
      LoadParameter.SOCKETS,
      LoadParameter.OPENING),
  IDLE("idle sockets with a joined user channel", LoadParameter.SOCKETS, LoadParameter.OPENING),
  RELAY(
      "the two players of a room send messages to each other",
      LoadParameter.PAIRS,
      LoadParameter.OPENING),
  MATCH(
      "players of rooms of the openturn wire act in turn; time counts until all have seen the"
          + " action",
      LoadParameter.PAIRS,
      LoadParameter.ROOMS,
      LoadParameter.OPENING),
  ROOM_START(
      "players open a room, take seats, start the match and play its first action",
      LoadParameter.GROUPS),
  ROOM_MEMORY(
      "rooms with running matches: the memory of the nodes that each needs",
      LoadParameter.ROOMS,
      LoadParameter.OPENING),
  CONSOLE_VIEWERS(
      "as post, while pages of the console are open and while none are; the notes compare",
      LoadParameter.CONNECTIONS,
      LoadParameter.PAGES),
  GODRA_RPC("a Lua script that counts and echoes is called over HTTP", LoadParameter.CONNECTIONS),
  GODRA_SOCKET(
      "the same on sockets of games, each with messages in flight; what is sent back is collected",
      LoadParameter.SOCKETS,
      LoadParameter.IN_FLIGHT,
      LoadParameter.OPENING),
  GODRA_MOVES(
      "ten players in each game move twenty times a second, until they see their own patch",
      LoadParameter.SOCKETS,
      LoadParameter.OPENING),
  CYCLE(
      "four players meet in a GameFlow lobby, get ready and start a match, repeatedly",
      LoadParameter.GROUPS,
      LoadParameter.OPENING),
  PLAY(
      "players join lobbies, chat, move, lose their connection and resume, on all nodes",
      LoadParameter.PLAYERS,
      LoadParameter.LOBBIES,
      LoadParameter.THINK_MS,
      LoadParameter.DROPS,
      LoadParameter.MOVES),
  MODEL(
      "a mix of players who are connected, chat, gather and play, as often as its options say",
      LoadParameter.PLAYERS,
      LoadParameter.CHATTING,
      LoadParameter.MESSAGES_HOUR,
      LoadParameter.MEMBERS,
      LoadParameter.GATHERING,
      LoadParameter.LOBBIES_HOUR,
      LoadParameter.PLAYING,
      LoadParameter.ACTIONS_HOUR,
      LoadParameter.SESSION_MINUTES,
      LoadParameter.OPENING),
  TOUR("scenarios of every wire, each for a second, on a node without players: for its AOT cache");

  private final String description;
  private final Set<LoadParameter> parameters;

  ScenarioKind(String description, LoadParameter... parameters) {
    this.description = description;
    this.parameters = EnumSet.of(LoadParameter.SECONDS, LoadParameter.WARMUP);
    this.parameters.addAll(Set.of(parameters));
  }

  String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String description() {
    return description;
  }

  boolean accepts(LoadParameter parameter) {
    return parameters.contains(parameter);
  }

  /**
   * Whether the baseline server can do the same work, so that there is something to compare with.
   */
  boolean hasBaseline() {
    return switch (this) {
      case PLAY,
          MODEL,
          TOUR,
          MATCH,
          ROOM_START,
          ROOM_MEMORY,
          CYCLE,
          PARTY,
          FRIENDS,
          BEFRIEND,
          OFFLINE_FRIENDS,
          ONLINE_FRIENDS,
          PASSWORD_LOGIN,
          DIRECT,
          GROUP_CHAT,
          SUBMIT,
          TOP,
          AROUND,
          PROFILE,
          LOBBIES,
          BOARDS,
          MESSAGES,
          KV_READ,
          KV_WRITE,
          RPC,
          CALL_HOOK,
          POST_HOOK,
          SWAP,
          CONSOLE_VIEWERS,
          GODRA_RPC,
          GODRA_SOCKET,
          GODRA_MOVES ->
          false;
      case FIRST_LOGIN, RETURNING_LOGIN, ME, LOBBY, POST, CHAT, FANOUT, CONNECT, IDLE, RELAY ->
          true;
    };
  }

  Scenario create(ScenarioContext context) {
    return switch (this) {
      case FIRST_LOGIN -> new RequestScenario(context, RequestSequence.FirstLogin::new);
      case RETURNING_LOGIN -> new RequestScenario(context, RequestSequence.ReturningLogin::new);
      case PASSWORD_LOGIN -> new PasswordLoginScenario(context);
      case CONSOLE_VIEWERS -> new ConsoleViewersScenario(context);
      case ME -> new RequestScenario(context, RequestSequence.ReadProfile::new);
      case PROFILE -> new RequestScenario(context, PageSequence::profile);
      case LOBBIES -> new RequestScenario(context, PageSequence::lobbies);
      case BOARDS -> new RequestScenario(context, PageSequence.boards());
      case MESSAGES -> new RequestScenario(context, PageSequence::messages);
      case KV_READ -> new RequestScenario(context, EntrySequence::reads);
      case KV_WRITE -> new RequestScenario(context, EntrySequence::writes);
      case LOBBY -> new RequestScenario(context, RequestSequence.LobbyLifecycle::new);
      case PARTY -> new RequestScenario(context, RequestSequence.PartyLifecycle::new);
      case FRIENDS -> new RequestScenario(context, RequestSequence.FriendshipLifecycle::new);
      case BEFRIEND -> new RequestScenario(context, RequestSequence.MakeFriends::new);
      case OFFLINE_FRIENDS -> new OfflineFriendsScenario(context);
      case ONLINE_FRIENDS -> new OnlineFriendsScenario(context);
      case POST -> new RequestScenario(context, RequestSequence.SendChatMessage::new);
      case RPC -> ExtensionScenario.calls(context);
      case CALL_HOOK -> ExtensionScenario.socketCalls(context);
      case POST_HOOK -> ExtensionScenario.messages(context);
      case SWAP -> ExtensionScenario.swaps(context);
      case SUBMIT -> new LeaderboardScenario(context, LeaderboardScenario.Submit::new);
      case TOP -> new LeaderboardScenario(context, LeaderboardScenario.Top::new);
      case AROUND -> new LeaderboardScenario(context, LeaderboardScenario.Around::new);
      case CHAT -> new ChatScenario(context);
      case DIRECT -> new DirectScenario(context);
      case FANOUT -> new FanOutScenario(context, FanOutScenario.Audience.SPECTATORS);
      case GROUP_CHAT -> new FanOutScenario(context, FanOutScenario.Audience.GROUP);
      case CONNECT -> new ConnectScenario(context);
      case IDLE -> new IdleScenario(context);
      case MATCH -> new MatchScenario(context);
      case ROOM_START -> new RoomStartScenario(context);
      case ROOM_MEMORY -> new RoomMemoryScenario(context);
      case RELAY -> new RelayScenario(context);
      case GODRA_RPC -> GodraScenario.calls(context);
      case GODRA_SOCKET -> GodraScenario.echoes(context);
      case GODRA_MOVES -> GodraScenario.moves(context);
      case CYCLE -> new TeamMatchScenario(context);
      case TOUR -> new TourScenario(context);
      case MODEL -> new ModelScenario(context);
      case PLAY -> new PlayScenario(context);
    };
  }
}
