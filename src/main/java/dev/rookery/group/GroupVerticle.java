package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Export;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serves the commands and queries of groups, on virtual threads. */
public final class GroupVerticle extends VerticleBase {
  private static final Duration NOTICES_EVERY = Duration.ofSeconds(5);
  private static final int FORGOTTEN_AT_ONCE = 100;
  private static final int TITLE_TRIES_MAX = 3;

  private final Bus bus;
  private final Database database;
  private final GroupPresence presence;
  private final ClusterScheduler scheduler;
  private final GroupDependencies dependencies;
  private final GroupNotices notices;
  private final NoticeThrottle throttle;
  private final Map<GroupChange, Counter> changes = new EnumMap<>(GroupChange.class);
  private Batcher<GroupTask, Object> batcher;

  /**
   * @param counters where notifications to all members of a group are counted; null for no limits
   */
  @SuppressWarnings("NullAway.Init") // at the start
  public GroupVerticle(
      Bus bus,
      Database database,
      Players players,
      NotificationWriter notifications,
      GroupPresence presence,
      ClusterScheduler scheduler,
      Limits limits,
      @Nullable SharedCounters counters) {
    this.bus = bus;
    this.database = database;
    this.presence = presence;
    this.scheduler = scheduler;
    this.dependencies = GroupDependencies.of(players, notifications, limits);
    this.throttle = new NoticeThrottle(counters, limits);
    MeterRegistry meters = database.registry();
    this.notices = new GroupNotices(database, dependencies.notices(), notifications, meters);
    for (GroupChange change : GroupChange.values()) {
      changes.put(
          change,
          Counter.builder("rookery.group.changes")
              .description("What happened to groups, by kind")
              .tag("change", change.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  @Override
  public Future<?> start() {
    presence.start(context);
    batcher =
        new Batcher<>(
            context,
            database,
            "group",
            GroupTask::player,
            GroupBatch.RETRY.refusal(),
            (tasks, _) -> carryOut(tasks));
    scheduler.schedule("group notices", NOTICES_EVERY, _ -> notices.run());
    GroupGauges.schedule(scheduler, database);
    var exports = new ExportStore();
    return Future.all(
        bus.<GroupCommand<?>>serve(GroupCommand.ADDRESS, this::handle),
        bus.<GroupQuery<?>>serve(GroupQuery.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("groups"), export -> exports.memberships(database, export)),
        bus.<Export>serve(
            Export.address("group_invites"), export -> exports.invites(database, export)));
  }

  private Object handle(GroupCommand<?> command) {
    if (command instanceof GroupCommand.Forget(var player)) {
      return forget(player);
    }
    if (command instanceof GroupCommand.NotifyAll notify) {
      return notifyAll(notify);
    }
    Object result;
    do {
      result = batcher.ask(GroupTask.of(command));
    } while (result == GroupBatch.UNFINISHED);
    return result;
  }

  private int notifyAll(GroupCommand.NotifyAll notify) {
    int sent = throttle.send(notify, () -> (int) batcher.ask(GroupTask.of(notify)));
    if (sent > 0) {
      context.runOnContext(_ -> notices.runAndLog());
    }
    return sent;
  }

  /** Carried out again if another transaction took a title at the same moment. */
  private List<Outcome<Object>> carryOut(List<GroupTask> tasks) {
    Carried carried =
        database.writeRetryingDuplicates(
            TITLE_TRIES_MAX,
            tx -> {
              var batch = new GroupBatch(tx, dependencies, tasks);
              return new Carried(batch.carryOut(), batch.changes());
            });
    carried.changes.forEach(
        (change, count) -> Objects.requireNonNull(changes.get(change)).increment(count));
    return carried.outcomes;
  }

  private record Carried(List<Outcome<Object>> outcomes, Map<GroupChange, Integer> changes) {}

  /** Each group in a transaction of its own, so that none is locked for long. */
  private Done forget(PlayerId player) {
    GroupId last = new GroupId(0);
    List<GroupId> some;
    do {
      some = dependencies.memberships().groupsOf(database, player, last, FORGOTTEN_AT_ONCE);
      some.forEach(group -> remove(player, group));
      last = some.isEmpty() ? last : some.getLast();
    } while (some.size() == FORGOTTEN_AT_ONCE);
    do {
      some = dependencies.store().createdBy(database, player, FORGOTTEN_AT_ONCE);
      some.forEach(group -> remove(player, group));
    } while (some.size() == FORGOTTEN_AT_ONCE);
    return database.write(
        tx -> {
          dependencies.invites().forget(tx, player);
          dependencies.notices().forget(tx, player);
          return Done.DONE;
        });
  }

  private void remove(PlayerId player, GroupId group) {
    batcher.ask(GroupTask.of(new GroupCommand.Remove(player, group)));
  }

  private Object handle(GroupQuery<?> query) {
    return switch (query) {
      case GroupQuery.Show(var group, var viewer) -> find(group, viewer);
      case GroupQuery.Find(var group) -> find(group);
      case GroupQuery.FindMembership(var group, var player) ->
          dependencies
              .memberships()
              .find(database, group, player)
              .orElseThrow(() -> Refused.missing("not_member"));
      case GroupQuery.FindRequest(var request) ->
          dependencies
              .memberships()
              .find(database, request)
              .orElseThrow(() -> Refused.missing("not_found"));
      case GroupQuery.FindInvite(var invite) ->
          dependencies
              .invites()
              .find(database, invite)
              .orElseThrow(() -> Refused.missing("not_found"));
      case GroupQuery.ListMembers(var group, var viewer, var page) ->
          members(find(group, viewer), page);
      case GroupQuery.ListMembersOfAny(var group, var page) -> members(find(group), page);
      case GroupQuery.ListVisible(var filter, var page) ->
          GroupListStore.visible(database, filter, page);
      case GroupQuery.ListAfter after -> GroupListStore.after(database, after);
      case GroupQuery.ListAll(var filter, var page) -> GroupListStore.all(database, filter, page);
      case GroupQuery.ListOfPlayer(var player, var page) ->
          GroupListStore.ofPlayer(database, player, page);
      case GroupQuery.ListRequests(var player, var group, var page) ->
          requests(player, group, page);
      case GroupQuery.ListReceived(var player, var page) ->
          dependencies.invites().received(database, player, page);
      case GroupQuery.ListSent(var player, var page) ->
          dependencies.invites().sent(database, player, page);
      case GroupQuery.CountCreatedBy(var player) -> GroupStore.countCreatedBy(database, player);
      case GroupQuery.CountMembers() -> MembershipStore.countAll(database);
      case GroupQuery.ShareGroup(var one, var other) ->
          new Groups().shareGroup(database, one, other);
      case GroupQuery.Watch(var group, var player) -> watch(group, player);
    };
  }

  private Group find(GroupId id) {
    return dependencies
        .store()
        .find(database, id)
        .map(GroupStore.Stored::group)
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  private Group find(GroupId id, @Nullable PlayerId viewer) {
    Group group = find(id);
    if (group.hidden()) {
      GroupRules.mustSee(group, viewer == null ? null : role(id, viewer));
    }
    return group;
  }

  private @Nullable GroupRole role(GroupId group, PlayerId player) {
    return dependencies
        .memberships()
        .find(database, group, player)
        .map(GroupMembership::role)
        .orElse(null);
  }

  private Page<GroupMember> members(Group group, Page.Request page) {
    List<GroupMembership> found =
        group.members() <= page.offset()
            ? List.of()
            : dependencies.memberships().members(database, group.id(), page.size(), page.offset());
    return page(found, page, group.members());
  }

  private Page<GroupMember> requests(PlayerId player, GroupId id, Page.Request page) {
    GroupRules.mustBeAdmin(role(id, player));
    long total = dependencies.memberships().countRequests(database, id);
    List<GroupMembership> found =
        total <= page.offset()
            ? List.of()
            : dependencies.memberships().requests(database, id, page.size(), page.offset());
    return page(found, page, total);
  }

  private Page<GroupMember> page(List<GroupMembership> found, Page.Request page, long total) {
    Map<PlayerId, Player> players =
        dependencies
            .players()
            .findAll(database, found.stream().map(GroupMembership::player).toList());
    // A player who was deleted a moment ago is left out.
    List<GroupMember> members =
        found.stream()
            .flatMap(
                one ->
                    Stream.ofNullable(players.get(one.player()))
                        .map(player -> new GroupMember(one, player)))
            .toList();
    return new Page<>(members, page.number(), page.size(), total);
  }

  /**
   * The position is read first: what happens in between is in the group and on the stream, and a
   * member who is removed in between is told so by the stream.
   */
  private GroupSnapshot watch(GroupId id, PlayerId player) {
    GroupSnapshot snapshot =
        dependencies
            .store()
            .findWithPosition(database, id)
            .orElseThrow(() -> Refused.missing("not_found"));
    @Nullable GroupRole role = role(id, player);
    if (role == null || !role.isMember()) {
      throw Refused.missing("not_found");
    }
    return snapshot;
  }
}
