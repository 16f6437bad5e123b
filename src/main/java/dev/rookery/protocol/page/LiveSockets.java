package dev.rookery.protocol.page;

import dev.rookery.achievement.AchievementEvent;
import dev.rookery.base.BoardId;
import dev.rookery.base.Event;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.ChatEvent;
import dev.rookery.chat.Conversation;
import dev.rookery.console.TicketCommand;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.SocketQuota;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.fanout.FanOut;
import dev.rookery.group.GroupEvent;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.NotificationKind;
import dev.rookery.party.PartyEvent;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.PageSockets;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the sockets of player pages, with the framing of Phoenix Channels. A socket needs the
 * cookie of a session and a ticket that was made for that session, and must come from a page of
 * this server. At most {@value #SOCKETS_MAX} are open, {@value #PER_PLAYER_MAX} of one player;
 * further ones get 503. It is closed when the session ends.
 */
public final class LiveSockets implements Protocol {
  static final String TICKET = "/live/ticket";
  private static final String PATH = "/live/websocket";
  static final int SOCKETS_MAX = 5_000;
  static final int PER_PLAYER_MAX = 10;
  private static final String NOTIFICATIONS = "page:notifications";
  private static final String CHATS = "page:chats";
  private static final String CHAT = "page:chat:";
  private static final String LOBBY = "page:lobby:";
  private static final String ACHIEVEMENTS = "page:achievements";
  private static final String BOARD = "page:leaderboard:";
  private static final String SESSION = "page:";
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  private final Bus bus;
  private final FanOut fanOut;
  private final Sessions sessions;
  private final Tokens tokens;
  private final PageSettings settings;
  private final PageSockets sockets;
  private final BoardFollowers boards;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param origins further origins whose pages may connect, such as that of a proxy
   */
  public LiveSockets(
      Bus bus,
      FanOut fanOut,
      Sessions sessions,
      Tokens tokens,
      PageSettings settings,
      Predicate<String> origins,
      WebSocketUpgrader upgrader,
      MeterRegistry meters) {
    this.bus = bus;
    this.fanOut = fanOut;
    this.sessions = sessions;
    this.tokens = tokens;
    this.settings = settings;
    this.sockets =
        new PageSockets(bus, upgrader, origins, new SocketQuota(SOCKETS_MAX, PER_PLAYER_MAX));
    this.boards = new BoardFollowers(fanOut);
    Gauge.builder("rookery.pages.live.sockets", open, AtomicInteger::get)
        .description("Open sockets of player pages")
        .register(meters);
    Gauge.builder("rookery.pages.live.boards", boards, BoardFollowers::size)
        .description("Leaderboards whose pages are open on this node")
        .register(meters);
  }

  /** Makes the ticket of a page; it is valid for 30 s, on every node, and once. */
  static Future<PageResponse> issueTicket(Bus bus, PageRequest request) {
    return bus.ask(new TicketCommand.Issue(ticketOwner(request.requireSession())))
        .map(ticket -> new PageResponse.Data(JsonObject.of("ticket", ticket)));
  }

  /** Apart from sessions of the console, which have tickets too. */
  private static String ticketOwner(Session session) {
    return SESSION + session.id().value();
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).setName(PATH).handler(this::handle);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(PATH);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    var cookies = new Cookies(request, settings.https() || settings.clients().isHttps(request));
    sockets.open(context, cookies.session(), this::find);
  }

  /** Null if the session of the cookie has ended. */
  private Future<PageSockets.@Nullable Grant> find(String cookie) {
    return Future.succeededFuture()
        .compose(_ -> sessions.check(tokens.readPage(cookie).access()))
        .<PageSockets.@Nullable Grant>map(this::grant)
        // A database that is away refuses nobody for good.
        .recover(
            failure ->
                failure instanceof Refused
                    ? Future.succeededFuture(null)
                    : Future.failedFuture(failure));
  }

  private PageSockets.Grant grant(Session session) {
    return new PageSockets.Grant(
        session.player(),
        ticketOwner(session),
        (topic, _) -> channel(topic, session.player()),
        connection -> {
          open.incrementAndGet();
          var ending =
              sessions.onEnd(session.id(), () -> connection.close(CloseReason.SESSION_ENDED));
          return () -> {
            open.decrementAndGet();
            ending.close();
          };
        });
  }

  private @Nullable Channel channel(String topic, PlayerId player) {
    if (topic.equals(NOTIFICATIONS)) {
      return new LiveChannel(
          topic,
          fanOut,
          Topic.player(player),
          NotificationEvent.class::isInstance,
          _ -> false,
          Future::succeededFuture);
    }
    if (topic.equals(CHATS)) {
      return new LiveChannel(
          topic,
          fanOut,
          Topic.player(player),
          LiveSockets::isAboutMessages,
          _ -> false,
          Future::succeededFuture);
    }
    if (topic.equals(ACHIEVEMENTS)) {
      return new LiveChannel(
          topic,
          fanOut,
          Topic.player(player),
          AchievementEvent.class::isInstance,
          _ -> false,
          Future::succeededFuture);
    }
    if (topic.startsWith(BOARD)) {
      return board(topic);
    }
    if (topic.startsWith(LOBBY)) {
      return lobby(topic, player);
    }
    Conversation conversation =
        topic.startsWith(CHAT)
            ? ConversationPath.parse(topic.substring(CHAT.length()), ':', player)
            : null;
    return conversation == null
        ? null
        : new LiveChannel(
            topic,
            fanOut,
            ConversationPath.stream(conversation, player),
            event -> event instanceof ChatEvent chat && isOf(chat, conversation),
            event -> mayRevoke(event, player),
            () -> bus.ask(new ChatCommand.CountUnread(player, conversation)));
  }

  /** Whether it is a notification of messages in any conversation. */
  private static boolean isAboutMessages(Event event) {
    return event instanceof NotificationEvent.Posted(var notification)
        && NotificationView.kind(notification).code() / 100
            == NotificationKind.CHAT_FRIEND.code() / 100;
  }

  /** The topic of the page of a board. */
  static String boardTopic(BoardId board) {
    return BOARD + board.value();
  }

  private @Nullable Channel board(String topic) {
    String id = topic.substring(BOARD.length());
    return ID.matcher(id).matches()
        ? new BoardChannel(topic, bus, boards, new BoardId(Long.parseLong(id)))
        : null;
  }

  private @Nullable Channel lobby(String topic, PlayerId player) {
    String id = topic.substring(LOBBY.length());
    if (!ID.matcher(id).matches()) {
      return null;
    }
    var lobby = new LobbyId(Long.parseLong(id));
    return new LiveChannel(
        topic,
        fanOut,
        Topic.lobby(lobby),
        LobbyEvent.class::isInstance,
        event -> mayRevoke(event, player),
        () ->
            bus.ask(new PlayerCommand.Find(player))
                .compose(
                    found ->
                        lobby.equals(found.lobby())
                            ? Future.succeededFuture()
                            : bus.ask(new LobbyQuery.Show(lobby))));
  }

  /** Whether the player may see less after an event of a lobby, a party or a group. */
  private static boolean mayRevoke(Event event, PlayerId player) {
    return switch (event) {
      case LobbyEvent.Left left -> left.player().equals(player);
      case LobbyEvent.Kicked kicked -> kicked.player().equals(player);
      case LobbyEvent.Changed changed -> changed.lobby().hidden();
      case LobbyEvent.MatchStarted _, LobbyEvent.Closed _ -> true;
      case PartyEvent.Left left -> left.player().equals(player);
      case PartyEvent.Kicked kicked -> kicked.player().equals(player);
      case PartyEvent.Disbanded _ -> true;
      case GroupEvent.Left left -> left.player().equals(player);
      case GroupEvent.Kicked kicked -> kicked.player().equals(player);
      case GroupEvent.Closed _ -> true;
      default -> false;
    };
  }

  private static boolean isOf(ChatEvent event, Conversation conversation) {
    return conversation.equals(
        switch (event) {
          case ChatEvent.Sent(var message) -> message.conversation();
          case ChatEvent.Edited(var message) -> message.conversation();
          case ChatEvent.Deleted(var of, _) -> of;
        });
  }
}
