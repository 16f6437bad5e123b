package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.Grants;
import dev.rookery.friend.FriendBatch.Task;
import dev.rookery.friend.Friendship.State;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Export;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Serves the commands of friends, on virtual threads. */
public final class FriendVerticle extends VerticleBase {
  private static final int LISTED_MAX = 1_000;

  private final Bus bus;
  private final Database database;
  private final Players players;
  private final NotificationWriter notifications;
  private final FriendRules rules;
  private final Friends friends;
  private final FriendPresence presence;
  private final FriendshipEndListener endListener;
  private final FriendStore store = new FriendStore();
  private final AdminStore all = new AdminStore();
  private final Grants grants;
  private final Limits limits;
  private final FriendMetrics metrics;
  private Batcher<Task, Friendship> batcher;
  private NotifyFriend notifyFriend;

  @SuppressWarnings("NullAway.Init") // at the start
  public FriendVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter notifications,
      FriendPresence presence,
      FriendshipEndListener endListener,
      Limits limits,
      InstantSource clock) {
    this.presence = presence;
    this.endListener = endListener;
    this.bus = bus;
    this.database = database;
    this.players = players;
    this.notifications = notifications;
    this.limits = limits;
    this.rules = new FriendRules(limits);
    this.metrics = new FriendMetrics(database.registry());
    this.friends = new Friends();
    this.grants = new Grants(clock);
  }

  @Override
  public Future<?> start() {
    presence.start(context);
    batcher =
        new Batcher<>(
            context,
            database,
            "friend",
            Task::player,
            FriendBatch.RETRY.refusal(),
            (tasks, _) -> carryOut(tasks));
    notifyFriend = new NotifyFriend(context, database, store, players, notifications, limits);
    var exports = new ExportStore();
    return Future.all(
        bus.<FriendCommand<?>>serve(FriendCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("friendships"), export -> exports.friendships(database, export)));
  }

  private List<Outcome<Friendship>> carryOut(List<Task> tasks) {
    Carried carried =
        database.write(
            tx -> {
              var batch =
                  new FriendBatch(tx, store, players, rules, notifications, endListener, tasks);
              return new Carried(batch.carryOut(), batch.events());
            });
    metrics.count(carried.events);
    return carried.outcomes;
  }

  private record Carried(List<Outcome<Friendship>> outcomes, List<FriendEvent> events) {}

  private Object handle(FriendCommand<?> command) {
    return switch (command) {
      case FriendCommand.Request request -> batcher.submit(Task.of(request));
      case FriendCommand.Answer answer -> batcher.submit(Task.of(answer));
      case FriendCommand.Notify notify -> notifyFriend.notify(notify);
      case FriendCommand.FindRelation(var player, var other) ->
          friends.relation(database, player, other);
      case FriendCommand.ListFriends(var player, var page) ->
          friends(player, page, store.friends(database, player, page.size(), page.offset()));
      case FriendCommand.ListOnlineFirst(var player, var page) ->
          friends(
              player, page, store.friendsOnlineFirst(database, player, page.size(), page.offset()));
      case FriendCommand.ListRequests(var player, var page) ->
          new FriendRequests(incoming(player, State.PENDING, page), outgoing(player, page));
      case FriendCommand.ListBlocked(var player, var page) -> incoming(player, State.BLOCKED, page);
      case FriendCommand.ListAll(var filter, var before, var max) ->
          all.list(database, filter, before, Math.min(max, LISTED_MAX));
      case FriendCommand.End(var friendship) -> end(friendship);
      case FriendCommand.Forget(var player) -> forget(player);
    };
  }

  /** As one of the two would end it, so that both are told. */
  private Future<Friendship> end(FriendshipId id) {
    Friendship found = store.byIds(database, List.of(id)).get(id);
    if (found == null) {
      throw Refused.missing("not_found");
    }
    grants.requireRank(database, found.requester());
    grants.requireRank(database, found.target());
    var answer =
        switch (found.state()) {
          case PENDING, ACCEPTED ->
              new FriendCommand.Answer(found.requester(), id, FriendCommand.Action.REMOVE);
          case BLOCKED ->
              new FriendCommand.Answer(found.target(), id, FriendCommand.Action.UNBLOCK);
          case REJECTED -> throw Refused.conflict("nothing_to_end");
        };
    return batcher.submit(Task.of(answer));
  }

  private Done forget(PlayerId player) {
    presence.onDeleted(player);
    return database.write(
        tx -> {
          store.forget(tx, player);
          return Done.DONE;
        });
  }

  private Page<Friend> friends(PlayerId player, Page.Request page, List<Friendship> found) {
    return page(
        player,
        found,
        page,
        () ->
            store.countTo(database, player, State.ACCEPTED)
                + store.countBy(database, player, State.ACCEPTED));
  }

  private Page<Friend> incoming(PlayerId player, State state, Page.Request page) {
    return page(
        player,
        store.to(database, player, state, page.size(), page.offset()),
        page,
        () -> store.countTo(database, player, state));
  }

  private Page<Friend> outgoing(PlayerId player, Page.Request page) {
    return page(
        player,
        store.by(database, player, State.PENDING, page.size(), page.offset()),
        page,
        () -> store.countBy(database, player, State.PENDING));
  }

  private Page<Friend> page(
      PlayerId player, List<Friendship> found, Page.Request page, LongSupplier count) {
    Map<PlayerId, Player> others =
        players.findAll(database, found.stream().map(one -> one.otherThan(player)).toList());
    // A player who was deleted a moment ago is left out.
    List<Friend> friends =
        found.stream()
            .flatMap(
                one ->
                    Stream.ofNullable(others.get(one.otherThan(player)))
                        .map(other -> new Friend(one, other)))
            .toList();
    return new Page<>(friends, page.number(), page.size(), page.total(found.size(), count));
  }
}
