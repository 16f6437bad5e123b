package dev.rookery.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.group.GroupCommand.Settings;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Credentials;
import dev.rookery.player.Players;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many players on three nodes create, join, leave and delete groups at once, promote, demote, kick
 * and invite each other, and delete their accounts; the limits are small.
 */
final class GroupRaceTest {
  private static final int NODES = 3;
  private static final int PLAYERS = 12;
  private static final int STEPS = 50;
  private static final int ROUNDS_MAX = 20;
  private static final int MEMBERS_MAX = 4;
  private static final int GROUPS_MAX = 3;
  private static final int ADMIN_MAX = 2;
  private static final int INVITES_MAX = 2;
  private static final Page.Request PAGE = new Page.Request(1, 100);

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void keepsMembersAdminsLimitsAndEventsRightOnThreeNodes(TestStore store) throws Exception {
    long seed = TestSeed.of("GroupRaceTest on " + store);
    List<TestBus> nodes = IntStream.range(0, NODES).mapToObj(node -> open(store, node)).toList();
    List<PlayerId> players = players(store);
    var race = new Race(nodes, players);
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      // Which limits a walk reaches depends on what the others do meanwhile.
      for (int round = 0; round < ROUNDS_MAX && !race.reachedLimits(); round++) {
        var walks = new ArrayList<java.util.concurrent.Future<?>>();
        for (PlayerId player : players) {
          var random = new Random(seed + round * 1_000L + player.value());
          walks.add(crowd.submit(() -> race.walk(player, random)));
        }
        for (java.util.concurrent.Future<?> walk : walks) {
          walk.get();
        }
      }
    } finally {
      nodes.forEach(TestBus::close);
    }

    assertThat(race.refusals)
        .isSubsetOf(
            "not_found",
            "not_admin",
            "not_member",
            "full",
            "too_many_groups",
            "too_many_groups_created",
            "too_many_pending_invites",
            "already_member",
            "already_admin",
            "not_joinable",
            "not_pending",
            "not_owner",
            "cannot_kick_self",
            "cannot_promote_self",
            "cannot_demote_self");
    assertThat(race.reachedLimits()).as("refusals %s", race.refusals).isTrue();
    assertRowsAreRight(store, players);
    assertEventsTellTheRows(store);
  }

  private static void assertRowsAreRight(TestStore store, List<PlayerId> players) {
    var database = store.database();
    Map<Long, long[]> counted =
        database
            .read(
                """
                SELECT player_group.id, members, admins, members_max,
                  (SELECT COUNT(*) FROM group_membership
                   WHERE group_id = player_group.id AND role <= 2) AS member_rows,
                  (SELECT COUNT(*) FROM group_membership
                   WHERE group_id = player_group.id AND role <= 1) AS admin_rows
                FROM player_group WHERE closed_ms IS NULL
                """)
            .all(row -> row)
            .stream()
            .collect(
                Collectors.toMap(
                    row -> row.number("id"),
                    row ->
                        new long[] {
                          row.number("members"),
                          row.number("member_rows"),
                          row.number("admins"),
                          row.number("admin_rows"),
                          row.number("members_max")
                        }));
    assertThat(counted).isNotEmpty();
    counted.forEach(
        (group, counts) -> {
          assertThat(counts[0]).as("members of %d", group).isEqualTo(counts[1]);
          assertThat(counts[2]).as("admins of %d", group).isEqualTo(counts[3]);
          assertThat(counts[0]).as("members of %d", group).isBetween(1L, counts[4]);
          assertThat(counts[2]).as("admins of %d", group).isPositive();
        });
    assertThat(
            database
                .read(
                    """
                    SELECT group_membership.id FROM group_membership
                    JOIN player_group ON player_group.id = group_id WHERE closed_ms IS NOT NULL
                    """)
                .size())
        .as("members of closed groups")
        .isZero();
    long hidden =
        database
            .read("SELECT id FROM player_group WHERE closed_ms IS NULL AND type = 'hidden'")
            .size();
    assertThat(GroupTotalStore.all(database, null)).isEqualTo(counted.size());
    assertThat(GroupTotalStore.byType(database).values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(counted.size());
    assertThat(GroupTotalStore.visible(database)).isEqualTo(counted.size() - hidden);
    for (PlayerId player : players) {
      // A request that is approved does not count the groups of the player.
      assertThat(new InviteStore().countReceived(database, player))
          .isLessThanOrEqualTo(INVITES_MAX);
    }
  }

  /** A client that follows a group from its creation sees the members that the store has. */
  private static void assertEventsTellTheRows(TestStore store) {
    var byGroup =
        store.published().stream()
            .filter(posted -> posted.event() instanceof GroupEvent event && isOwn(posted, event))
            .collect(Collectors.groupingBy(CommittedEvent::stream));
    assertThat(byGroup).isNotEmpty();
    var memberships = new MembershipStore();
    for (List<CommittedEvent> events : byGroup.values()) {
      List<CommittedEvent> ordered =
          events.stream().sorted(Comparator.comparing(one -> one.position().offset())).toList();
      assertThat(ordered)
          .as("each event once, without a gap")
          .extracting(one -> one.position().offset())
          .isEqualTo(IntStream.rangeClosed(1, ordered.size()).mapToObj(Long::valueOf).toList());
      var seen = new TreeMap<Long, Boolean>();
      GroupId group = ((GroupEvent) ordered.getFirst().event()).group();
      ordered.forEach(one -> apply((GroupEvent) one.event(), seen));
      Map<Long, Boolean> stored =
          memberships.members(store.database(), group, 100, 0).stream()
              .collect(
                  Collectors.toMap(
                      member -> member.player().value(), member -> member.role().isAdmin()));
      assertThat(seen).as("members and admins of %s", group).isEqualTo(stored);
    }
  }

  private static boolean isOwn(CommittedEvent posted, GroupEvent event) {
    return posted.stream().equals(Topic.group(event.group()));
  }

  private static void apply(GroupEvent event, Map<Long, Boolean> members) {
    switch (event) {
      case GroupEvent.Created(var group) -> {
        PlayerId creator = group.creator();
        assertThat(creator).isNotNull();
        members.put(creator.value(), true);
      }
      case GroupEvent.Joined(_, var player, _) ->
          assertThat(members.put(player.value(), false)).isNull();
      case GroupEvent.Left(_, var player, _) ->
          assertThat(members.remove(player.value())).isNotNull();
      case GroupEvent.Kicked(_, var player, _, _) ->
          assertThat(members.remove(player.value())).isNotNull();
      case GroupEvent.Promoted(_, var player, _) ->
          assertThat(members.put(player.value(), true)).isFalse();
      case GroupEvent.Demoted(_, var player, _) ->
          assertThat(members.put(player.value(), false)).isTrue();
      case GroupEvent.Closed _ -> members.clear();
      case GroupEvent.Updated _,
          GroupEvent.RequestApproved _,
          GroupEvent.RequestRejected _,
          GroupEvent.InviteAccepted _,
          GroupEvent.InviteCancelled _ -> {}
    }
  }

  /** What the players do, and what they know to do it with. */
  private static final class Race {
    private final List<TestBus> nodes;
    private final List<PlayerId> players;
    private final Set<GroupId> groups = ConcurrentHashMap.newKeySet();
    private final Set<GroupMembershipId> requests = ConcurrentHashMap.newKeySet();
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();

    Race(List<TestBus> nodes, List<PlayerId> players) {
      this.nodes = nodes;
      this.players = players;
    }

    boolean reachedLimits() {
      return refusals.containsAll(Set.of("not_admin", "too_many_groups"));
    }

    void walk(PlayerId player, Random random) {
      for (int step = 0; step < STEPS; step++) {
        TestBus node = nodes.get(random.nextInt(nodes.size()));
        try {
          if (groups.isEmpty() || random.nextInt(12) == 0) {
            create(node, player, random);
          } else {
            act(node, player, random);
          }
        } catch (Refused refused) {
          refusals.add(refused.getMessage());
        }
      }
    }

    private void create(TestBus node, PlayerId player, Random random) {
      String type = List.of("public", "private", "hidden").get(random.nextInt(3));
      var settings =
          new Settings("Group " + random.nextLong(), null, type, MEMBERS_MAX, null, null);
      groups.add(node.ask(new GroupCommand.Create(player, settings, null)).id());
    }

    private void act(TestBus node, PlayerId player, Random random) {
      GroupId group = any(List.copyOf(groups), random);
      PlayerId target = any(players, random);
      switch (random.nextInt(14)) {
        case 0, 1, 2, 3 -> join(node, player, group);
        case 4, 5 -> node.ask(new GroupCommand.Leave(player, group, null));
        case 6 -> node.ask(new GroupCommand.Kick(player, group, target, null));
        case 7 -> node.ask(new GroupCommand.Promote(player, group, target));
        case 8 -> node.ask(new GroupCommand.Demote(player, group, target));
        case 9 -> node.ask(new GroupCommand.Invite(player, group, target));
        case 10, 11 -> answerInvite(node, player, random);
        case 12 -> answerRequest(node, player, random);
        default -> end(node, player, group, random);
      }
    }

    private void join(TestBus node, PlayerId player, GroupId group) {
      GroupMembership joined = node.ask(new GroupCommand.Join(player, group, null));
      if (joined.role() == GroupRole.REQUESTED) {
        requests.add(joined.id());
      }
    }

    private void answerInvite(TestBus node, PlayerId player, Random random) {
      List<GroupInviteId> invites =
          node.ask(new GroupQuery.ListReceived(player, PAGE)).items().stream()
              .map(GroupInvite::id)
              .toList();
      if (!invites.isEmpty()) {
        GroupInviteId invite = any(invites, random);
        if (random.nextInt(4) == 0) {
          node.ask(new GroupCommand.DeclineInvite(player, invite));
        } else {
          node.ask(new GroupCommand.AcceptInvite(player, invite, null));
        }
      }
    }

    private void answerRequest(TestBus node, PlayerId player, Random random) {
      List<GroupMembershipId> known = List.copyOf(requests);
      if (!known.isEmpty()) {
        GroupMembershipId request = any(known, random);
        switch (random.nextInt(3)) {
          case 0 -> node.ask(new GroupCommand.CancelRequest(player, request));
          case 1 -> node.ask(new GroupCommand.Reject(player, request));
          default -> node.ask(new GroupCommand.Approve(player, request));
        }
      }
    }

    private void end(TestBus node, PlayerId player, GroupId group, Random random) {
      switch (random.nextInt(6)) {
        case 0 -> node.ask(new GroupCommand.Forget(player));
        case 1 -> {
          node.ask(new GroupCommand.Delete(group));
          groups.remove(group);
        }
        default -> node.ask(new GroupCommand.Leave(player, group, null));
      }
    }

    private static <T> T any(List<T> all, Random random) {
      return all.get(random.nextInt(all.size()));
    }
  }

  private static TestBus open(TestStore store, int number) {
    var bus = new TestBus();
    var member = TestClusterMember.join(store, "node-" + number);
    bus.deploy(
        new GroupVerticle(
            bus.bus(),
            store.database(),
            new Players(store.clock()),
            new NotificationWriter(),
            new GroupPresence(store.database(), new SimpleMeterRegistry(), _ -> {}),
            member.scheduler(),
            smallLimits(),
            null));
    return bus;
  }

  /** The default limits, with some that are reached. */
  private static Limits smallLimits() {
    var small = new HashMap<String, Integer>();
    small.put("groupsMax", GROUPS_MAX);
    small.put("groupsAdminMax", ADMIN_MAX);
    small.put("groupInvitesMax", INVITES_MAX);
    RecordComponent[] components = Limits.class.getRecordComponents();
    try {
      var values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        Object value = components[i].getAccessor().invoke(Limits.DEFAULTS);
        values[i] = small.getOrDefault(components[i].getName(), (Integer) value);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return Limits.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static List<PlayerId> players(TestStore store) {
    return IntStream.range(0, PLAYERS)
        .mapToObj(
            number -> {
              String device = "device-" + number;
              var credentials =
                  new Credentials(store.clock(), new SeededIds(number), TestStore.DIGESTS);
              return store
                  .database()
                  .write(
                      tx ->
                          credentials
                              .findOrCreateByDevice(tx, Set.of(device))
                              .get(device)
                              .player());
            })
        .toList();
  }
}
