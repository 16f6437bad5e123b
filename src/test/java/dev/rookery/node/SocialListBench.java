package dev.rookery.node;

import dev.rookery.base.MessageId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupQuery.Filter;
import dev.rookery.group.GroupQuery.Order;
import dev.rookery.group.GroupType;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.party.PartyCommand;
import dev.rookery.store.StoreConfig;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Benchmark: the lists of friends, groups, parties, messages and notifications with 1,000,000
 * friendships, 100,000 groups and 10,000,000 messages, on SQLite and PostgreSQL. Prints for each
 * list the time in the database, as the best and the median of some repeats, and the plans of its
 * statements.
 *
 * <p>Arguments: the number of messages in thousands (10,000), and the databases (sqlite postgres).
 * Filling takes some minutes and 4 GB of disk for each.
 */
final class SocialListBench {
  private static final int REPEATS = 20;
  private static final double BOUND_MS = 5;

  private final SocialListData data;
  private final SocialListNode node;
  private final RecordingDatabase database;
  private final String name;

  private SocialListBench(TestStore store, SocialListData data) {
    this.data = data;
    this.name = store.toString();
    this.database = new RecordingDatabase(store.database());
    this.node = new SocialListNode(store, database);
  }

  public static void main(String[] arguments) {
    long messages = arguments.length > 0 ? Long.parseLong(arguments[0]) * 1_000 : 10_000_000;
    List<String> kinds =
        arguments.length > 1
            ? List.of(arguments).subList(1, arguments.length)
            : List.of("sqlite", "postgres");
    for (String kind : kinds) {
      try (var store = open(kind.equals("sqlite") ? Databases.sqlite() : Databases.postgres())) {
        var data = new SocialListData(store.database(), messages);
        data.fill();
        new SocialListBench(store, data).measure();
      }
    }
    System.exit(0);
  }

  /** Opens a store whose statements may take as long as filling it needs. */
  private static TestStore open(Databases.TestDatabase place) {
    StoreConfig usual = place.config();
    var patient =
        new StoreConfig(
            usual.location(),
            usual.connections(),
            usual.pendingMax(),
            Duration.ofMinutes(30),
            usual.connectTimeout(),
            usual.historyRetention(),
            usual.historyEventsMax(),
            usual.idempotencyRetention(),
            usual.streamRetention(),
            usual.unreadRetention());
    return TestStore.open(place, patient, Databases.EVENTS);
  }

  private void measure() {
    friends();
    groups();
    parties();
    messages();
    notifications();
    node.close();
  }

  private void friends() {
    PlayerId player = SocialListData.PLAYER;
    for (int page : List.of(1, 20)) {
      time("friends, page " + page, new FriendCommand.ListFriends(player, page(page, 25)));
    }
    time("friend requests", new FriendCommand.ListRequests(player, page(1, 25)));
    time("friend requests, page 4", new FriendCommand.ListRequests(player, page(4, 25)));
    time("blocked players", new FriendCommand.ListBlocked(player, page(1, 25)));
  }

  private void groups() {
    for (Order order : Order.values()) {
      for (int page : List.of(1, 2_000)) {
        time(
            "groups by " + order.name().toLowerCase(Locale.ROOT) + ", page " + page,
            new GroupQuery.ListVisible(filter(null, null, order), page(page, 25)));
      }
    }
    time(
        "private groups",
        new GroupQuery.ListVisible(filter(null, GroupType.PRIVATE, Order.NEWEST), page(1, 25)));
    time(
        "private groups, page 300",
        new GroupQuery.ListVisible(filter(null, GroupType.PRIVATE, Order.NEWEST), page(300, 25)));
    time(
        "private groups by title",
        new GroupQuery.ListVisible(filter(null, GroupType.PRIVATE, Order.TITLE), page(1, 25)));
    for (String prefix : List.of("guild 777", "guild 7", "guild", "nothing")) {
      time(
          "groups by title \"" + prefix + "\"",
          new GroupQuery.ListVisible(filter(prefix, null, Order.NEWEST), page(1, 25)));
    }
    var roomy = new Filter(null, null, 500, 600, null, null, Order.NEWEST);
    time("groups by capacity", new GroupQuery.ListVisible(roomy, page(1, 25)));
    for (String value : List.of("duel", "rare", "none")) {
      var filter = new Filter(null, null, null, null, "mode", value, Order.NEWEST);
      time("groups by metadata \"" + value + "\"", new GroupQuery.ListVisible(filter, page(1, 25)));
    }
    time("all groups", new GroupQuery.ListAll(filter(null, null, Order.NEWEST), page(1, 25)));
    time(
        "hidden groups",
        new GroupQuery.ListAll(filter(null, GroupType.HIDDEN, Order.NEWEST), page(1, 25)));
    time("groups of a player", new GroupQuery.ListOfPlayer(SocialListData.PLAYER, page(1, 50)));
    for (int page : List.of(1, 100)) {
      time(
          "members of a group of 10,000, page " + page,
          new GroupQuery.ListMembers(SocialListData.GROUP, null, page(page, 100)));
      time(
          "join requests of 10,000, page " + page,
          new GroupQuery.ListRequests(SocialListData.OWNER, SocialListData.GROUP, page(page, 100)));
    }
    time("invites received", new GroupQuery.ListReceived(SocialListData.PLAYER, page(1, 25)));
    time("invites sent", new GroupQuery.ListSent(SocialListData.OWNER, page(40, 25)));
  }

  private static Filter filter(@Nullable String title, @Nullable GroupType type, Order order) {
    return new Filter(title, type, null, null, null, null, order);
  }

  private void parties() {
    time("party invites received", new PartyCommand.ListInvites(SocialListData.PLAYER));
    time("party invites sent", new PartyCommand.ListSentInvites(SocialListData.OWNER));
  }

  private void messages() {
    PlayerId player = SocialListData.PLAYER;
    var group = conversation(Conversation.Kind.GROUP, SocialListData.GROUP.value());
    for (int page : List.of(1, 100)) {
      time(
          "messages of a busy group, page " + page,
          new ChatCommand.ListMessages(player, group, page(page, 100)));
    }
    time(
        "messages of a busy group, before one",
        new ChatCommand.ListMessages(
            player, group, new MessageId(data.messages() / 2), page(1, 100)));
    var direct = Conversation.direct(player, SocialListData.FRIEND);
    for (int page : List.of(1, 100)) {
      time(
          "direct messages, page " + page,
          new ChatCommand.ListMessages(player, direct, page(page, 100)));
    }
    var lobby = conversation(Conversation.Kind.LOBBY, SocialListData.LOBBY.value());
    time("messages of a lobby", new ChatCommand.ListMessages(player, lobby, page(1, 25)));
    var party = conversation(Conversation.Kind.PARTY, SocialListData.PARTY.value());
    time("messages of a party", new ChatCommand.ListMessages(player, party, page(1, 25)));
    time("unread in a busy group", new ChatCommand.CountUnread(player, group));
    time("unread of a friend", new ChatCommand.CountUnread(player, direct));
    time(
        "unread in 50 groups",
        new ChatCommand.CountUnreadInAll(player, conversations(Conversation.Kind.GROUP)));
    time(
        "unread of 50 friends",
        new ChatCommand.CountUnreadInAll(player, conversations(Conversation.Kind.DIRECT)));
    moderation();
  }

  private List<Conversation> conversations(Conversation.Kind kind) {
    return kind == Conversation.Kind.GROUP
        ? data.groupsOfPlayer().stream().map(one -> conversation(kind, one)).toList()
        : LongStream.rangeClosed(2, 51)
            .mapToObj(one -> Conversation.direct(SocialListData.PLAYER, new PlayerId(one)))
            .toList();
  }

  private static Conversation conversation(Conversation.Kind kind, long id) {
    return new Conversation(kind, id);
  }

  private void moderation() {
    var group = SocialListData.GROUP.value();
    time("all messages", all(null, null, null, null));
    time("all messages of a sender", all(SocialListData.PLAYER, null, null, null));
    time("all messages of a group", all(null, Conversation.Kind.GROUP, group, null));
    time("all messages that contain", all(null, null, null, "needle"));
    time("all messages of a group that contain", all(null, Conversation.Kind.GROUP, group, "a"));
  }

  private static ChatCommand.ListAll all(
      @Nullable PlayerId sender,
      Conversation.@Nullable Kind kind,
      @Nullable Long reference,
      @Nullable String content) {
    return new ChatCommand.ListAll(
        new ChatCommand.Filter(sender, kind, reference, content, false), page(1, 25));
  }

  private void notifications() {
    PlayerId player = SocialListData.PLAYER;
    for (int page : List.of(1, 20)) {
      time("notifications, page " + page, new NotificationCommand.ListPage(player, page(page, 25)));
    }
    time("notifications at the start", new NotificationCommand.ListStored(player));
    for (PlayerId recipient : Arrays.asList(null, player)) {
      time(
          recipient == null ? "all notifications" : "all notifications to a player",
          new NotificationCommand.ListAll(
              new NotificationCommand.Filter(recipient, null, null), page(1, 25)));
    }
    time(
        "all notifications by title",
        new NotificationCommand.ListAll(
            new NotificationCommand.Filter(null, null, "nothing"), page(1, 25)));
  }

  private static Page.Request page(int number, int size) {
    return new Page.Request(number, size);
  }

  private void time(String list, Command<?> command) {
    for (int i = 0; i < 3; i++) {
      node.ask(command);
    }
    database.take();
    var times = new double[REPEATS];
    List<RecordingDatabase.Statement> statements = List.of();
    for (int i = 0; i < REPEATS; i++) {
      node.ask(command);
      statements = database.take();
      times[i] = statements.stream().mapToLong(RecordingDatabase.Statement::nanos).sum() / 1e6;
    }
    Arrays.sort(times);
    double median = times[REPEATS / 2];
    System.out.printf(
        Locale.ROOT,
        "%-9s %-45s best %8.2f ms, median %8.2f ms%s%n",
        name,
        list,
        times[0],
        median,
        median > BOUND_MS ? "  OVER " + BOUND_MS : "");
    for (RecordingDatabase.Statement one : statements) {
      plan(one).forEach(line -> System.out.println("            " + line));
    }
  }

  private List<String> plan(RecordingDatabase.Statement statement) {
    boolean sqlite = name.equals("sqlite");
    String explain = sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ";
    var lines = new ArrayList<String>();
    lines.add("-- " + statement.sql().replaceAll("\\s+", " ").strip());
    lines.addAll(
        database
            .read(explain + statement.sql(), statement.values())
            .all(row -> row.text(sqlite ? "detail" : "QUERY PLAN")));
    database.take();
    return lines;
  }
}
