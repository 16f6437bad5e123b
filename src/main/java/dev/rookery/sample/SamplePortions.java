package dev.rookery.sample;

import dev.rookery.achievement.AchievementCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.group.GroupCommand;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RecordOwner;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.match.MatchCommand;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerMark;
import dev.rookery.sample.SampleContent.SampleAchievement;
import dev.rookery.sample.SampleContent.SampleBoard;
import dev.rookery.sample.SampleStore.Kind;
import dev.rookery.sample.SampleStore.Thing;
import dev.rookery.storage.Asker;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageCommand;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes sample data in portions. A portion may be made again after half of it was made: it finds
 * what is there, or gives a command the idempotency key that it had. Runs on virtual threads.
 */
final class SamplePortions {
  private static final int PLAYERS = 500;
  private static final int PLAYERS_AT_A_TIME = 50;
  private static final int GROUPS = 12;
  private static final int LOBBIES = 40;
  private static final int FIRST_IN_LOBBIES = 200;
  private static final int SEATS = 5;
  private static final int CHATS = 24;
  private static final int MESSAGES = 10;
  private static final int NOTIFICATIONS = 4;
  private static final int RECORDS = 80;
  private static final int ENTRIES = 3;
  private static final int MATCHES = 2;
  private static final String GAME = "crazy-eights";
  private static final String ENTRY_COLLECTION = "kv";

  /** A part of the data, which is made in one go. */
  @FunctionalInterface
  private interface Portion {
    void make();
  }

  private final RepeatableCommands commands;
  private final SampleStore store;
  private final List<Portion> portions = new ArrayList<>();

  SamplePortions(Bus bus, SampleStore store) {
    this.commands = new RepeatableCommands(bus);
    this.store = store;
    add(PLAYERS / PLAYERS_AT_A_TIME, this::makePlayers);
    add(GROUPS, this::makeGroup);
    add(LOBBIES, this::makeLobby);
    add(SampleContent.BOARDS.size(), this::makeBoard);
    add(SampleContent.ACHIEVEMENTS.size(), this::makeAchievement);
    add(CHATS, this::makeChat);
    add(NOTIFICATIONS, this::makeNotifications);
    add(ENTRIES, this::makeEntries);
    add(MATCHES, this::makeMatch);
  }

  private void add(int count, IntConsumer make) {
    IntStream.range(0, count).forEach(i -> portions.add(() -> make.accept(i)));
  }

  int size() {
    return portions.size();
  }

  /** Makes a portion, or what is missing of it. */
  void make(int number) {
    portions.get(number).make();
  }

  /** The sample players, the oldest first. */
  private List<PlayerId> players() {
    return commands
        .ask(
            new PlayerCommand.ListAccounts(
                PlayerCommand.AccountFilter.withMark(
                    PlayerCommand.MarkFilter.of(PlayerMark.SAMPLE)),
                PlayerCommand.AccountOrder.OLDEST,
                null,
                false,
                PLAYERS))
        .stream()
        .map(account -> account.player().id())
        .toList();
  }

  private void makePlayers(int portion) {
    int from = players().size();
    int to = (portion + 1) * PLAYERS_AT_A_TIME;
    if (from < to) {
      List<String> names = IntStream.range(from, to).mapToObj(SampleContent::player).toList();
      commands.ask(new AuthCommand.CreateMarkedPlayers(PlayerMark.SAMPLE, names));
    }
  }

  private void makeGroup(int i) {
    List<PlayerId> players = players();
    PlayerId leader = players.get(i * 10);
    var settings =
        new GroupCommand.Settings(
            SampleContent.group(i),
            "A group of the sample data",
            i % 4 == 3 ? "private" : "public",
            50,
            Map.of("sample", true),
            null);
    var group = commands.ask(new GroupCommand.Create(leader, settings, "sample group " + i));
    store.add(new Thing(Kind.GROUP, group.id().toString(), i));
    commands.tryToAll(
        IntStream.range(1, 10 + i)
            .mapToObj(member -> players.get((i * 10 + member) % players.size()))
            .map(player -> new GroupCommand.Join(player, group.id(), null)));
  }

  private void makeLobby(int i) {
    List<PlayerId> players = players();
    int first = FIRST_IN_LOBBIES + i * SEATS;
    var settings =
        new LobbyCommand.Settings(
            SampleContent.lobby(i),
            SEATS,
            i % 10 == 9,
            i % 10 == 4,
            null,
            Map.of("sample", true, "mode", i % 2 == 0 ? "casual" : "ranked"),
            null);
    var lobby =
        commands.ask(new LobbyCommand.Open(players.get(first), settings, "sample lobby " + i));
    store.add(new Thing(Kind.LOBBY, lobby.id().toString(), i));
    commands.tryToAll(
        IntStream.rangeClosed(1, i % SEATS)
            .mapToObj(
                member -> new LobbyCommand.Join(lobby.id(), players.get(first + member), null)));
  }

  /** Whether a thing of that name is ours, or can become ours. */
  private boolean claim(Thing thing, Command<?> find) {
    if (store.list(thing.kind()).contains(thing)) {
      return true;
    }
    if (!commands.isMissing(find)) {
      return false;
    }
    // Before it is made, so that nothing is made that is not known.
    store.add(thing);
    return true;
  }

  private void makeBoard(int i) {
    SampleBoard board = SampleContent.BOARDS.get(i);
    var ref = new BoardRef(board.slug());
    var find = new LeaderboardQuery.Find(ref);
    if (!claim(new Thing(Kind.LEADERBOARD, board.slug(), i), find)) {
      return;
    }
    if (commands.isMissing(find)) {
      commands.ask(
          new LeaderboardCommand.Create(
              board.slug(),
              board.title(),
              board.description(),
              board.ascending() ? Board.SortOrder.ASC : Board.SortOrder.DESC,
              Board.Operator.BEST,
              null,
              null,
              Map.of("sample", true),
              null));
    }
    List<PlayerId> players = players();
    commands.askAll(
        IntStream.range(0, RECORDS).mapToObj(record -> submit(ref, i, record, players)));
  }

  private static LeaderboardCommand.Submit submit(
      BoardRef board, int number, int record, List<PlayerId> players) {
    PlayerId player = players.get((record * 6 + number) % players.size());
    long score = 1_000 + (record * 7_919L + number * 104_729L) % 99_000;
    return new LeaderboardCommand.Submit(
        board, new RecordOwner.OfPlayer(player), score, 0, null, player, null);
  }

  private void makeAchievement(int i) {
    SampleAchievement achievement = SampleContent.ACHIEVEMENTS.get(i);
    var find = new AchievementCommand.Find(achievement.slug(), null);
    if (!claim(new Thing(Kind.ACHIEVEMENT, achievement.slug(), i), find)) {
      return;
    }
    if (commands.isMissing(find)) {
      commands.ask(
          new AchievementCommand.Create(
              new AchievementCommand.Fields(
                  achievement.slug(),
                  achievement.title(),
                  achievement.description(),
                  null,
                  100 + i,
                  false,
                  achievement.target(),
                  Map.of("sample", true))));
    }
    List<PlayerId> players = players();
    commands.tryToAll(
        IntStream.iterate(i, p -> p < players.size(), p -> p + 8)
            .mapToObj(p -> increment(achievement, players.get(p), p)));
  }

  private static AchievementCommand.Increment increment(
      SampleAchievement achievement, PlayerId player, int number) {
    long amount = 1 + (number * 31L) % achievement.target();
    return new AchievementCommand.Increment(
        player, achievement.slug(), amount, player, "sample " + achievement.slug());
  }

  /** Chats of the groups first, then of lobbies. */
  private void makeChat(int i) {
    Kind kind = i < GROUPS ? Kind.GROUP : Kind.LOBBY;
    int place = i < GROUPS ? i : 2 + (i - GROUPS) * 3;
    List<Thing> things = store.list(kind);
    if (place >= things.size()) {
      return;
    }
    List<PlayerId> players = players();
    Thing thing = things.get(place);
    var conversation =
        new Conversation(
            kind == Kind.GROUP ? Conversation.Kind.GROUP : Conversation.Kind.LOBBY,
            Long.parseLong(thing.name()));
    int first = kind == Kind.GROUP ? place * 10 : FIRST_IN_LOBBIES + place * SEATS;
    int members = kind == Kind.GROUP ? 5 : 1 + place % SEATS;
    for (int message = 0; message < MESSAGES; message++) {
      commands.tryTo(
          new ChatCommand.Send(
              players.get(first + message % members),
              conversation,
              SampleContent.message(i + message),
              Map.of(),
              "sample chat " + i + " " + message));
    }
  }

  private void makeNotifications(int portion) {
    List<PlayerId> players = players();
    PlayerId sender = players.getFirst();
    commands.tryToAll(
        players.subList(1 + portion * 25, 26 + portion * 25).stream()
            .map(
                recipient ->
                    new NotificationCommand.Create(
                        sender,
                        sender,
                        recipient,
                        "Welcome",
                        "This notification is a part of the sample data.",
                        Map.of("sample", true),
                        "sample notification " + recipient.value())));
  }

  /** The first portion has entries of nobody, the others those of players. */
  private void makeEntries(int portion) {
    if (portion == 0) {
      makeEntry(0, "sample.season", new JsonObject().put("number", 3).put("theme", "harvest"));
      makeEntry(1, "sample.shop", new JsonObject().put("sword", 120).put("shield", 80));
      return;
    }
    List<PlayerId> players = players();
    var changes = new ArrayList<Change>();
    for (int i = 0; i < StorageCommand.OBJECTS_MAX; i++) {
      int number = (portion - 1) * StorageCommand.OBJECTS_MAX + i;
      var value = new JsonObject().put("gold", number * 37 % 500).put("level", 1 + number % 20);
      changes.add(put("sample.progress", players.get(number), value, Condition.ALWAYS));
    }
    commands.ask(new StorageCommand.Write(Asker.SERVER, changes, false, null));
  }

  private void makeEntry(int place, String key, JsonObject value) {
    var thing = new Thing(Kind.ENTRY, key, place);
    var read =
        new StorageCommand.Read(new ObjectName(ENTRY_COLLECTION, key, null, null), Asker.SERVER);
    if (claim(thing, read)) {
      commands.ask(
          new StorageCommand.Write(
              Asker.SERVER, List.of(put(key, null, value, Condition.ALWAYS)), false, null));
    }
  }

  private static Change put(
      String key, @Nullable PlayerId owner, JsonObject value, Condition condition) {
    return new Change.Put(
        new ObjectName(ENTRY_COLLECTION, key, owner, null),
        value.encode(),
        "{}",
        null,
        null,
        condition);
  }

  /** A match of a sample player, whose turns time out, against bots. */
  private void makeMatch(int i) {
    if (store.list(Kind.MATCH).size() > i) {
      return;
    }
    PlayerId player = players().get(PLAYERS - 1 - i);
    String user = MatchCommand.user(player);
    var room = commands.ask(new MatchCommand.Open(user, GAME));
    store.add(new Thing(Kind.MATCH, room.room(), i));
    commands.ask(
        new MatchCommand.TakeSeat(room.room(), user, SampleContent.player(PLAYERS - 1 - i), 0));
    for (int seat = 1; seat < room.targetCapacity(); seat++) {
      String bot = room.availableBots().get(seat % room.availableBots().size()).botID();
      commands.ask(new MatchCommand.AssignBot(room.room(), user, seat, bot));
    }
    commands.ask(new MatchCommand.SetReady(room.room(), user, true));
    commands.ask(new MatchCommand.Start(room.room(), user));
  }

  /** Removes a thing; one that is gone is removed, too. */
  void remove(Thing thing) {
    switch (thing.kind()) {
      case GROUP ->
          commands.tryTo(new GroupCommand.Delete(new GroupId(Long.parseLong(thing.name()))));
      case LOBBY ->
          commands.tryTo(new LobbyCommand.Close(new LobbyId(Long.parseLong(thing.name()))));
      case LEADERBOARD -> commands.tryTo(new LeaderboardCommand.Delete(new BoardRef(thing.name())));
      case ACHIEVEMENT -> removeAchievement(thing.name());
      case ENTRY ->
          commands.tryTo(
              new StorageCommand.DeleteKey(
                  new ObjectName(ENTRY_COLLECTION, thing.name(), null, null)));
      case MATCH ->
          commands
              .ask(new MatchCommand.Find(thing.name()))
              .ifPresent(
                  room -> commands.tryTo(new MatchCommand.CloseRoom(room.room(), room.hostUser())));
    }
  }

  private void removeAchievement(String slug) {
    try {
      var found = commands.ask(new AchievementCommand.Find(slug, null));
      commands.tryTo(new AchievementCommand.Delete(found.achievement().id()));
    } catch (Refused refused) {
      if (!(refused.refusal() instanceof Refusal.Missing)) {
        throw refused;
      }
    }
  }
}
