package dev.rookery.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Command;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.party.Party;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartyEvent;
import dev.rookery.store.Dialect;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many players of three nodes invite, accept, leave, kick, disband, enter lobbies with their
 * parties and delete their accounts at once; limits are small. On SQLite the three share one store.
 */
final class PartyRaceTest {
  private static final int PLAYERS = 15;
  private static final int STEPS = 80;
  private static final int SEATS = 4;

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void keepsPartiesAndLobbiesConsistentWithManyPlayersOnThreeNodes(TestStore store)
      throws Exception {
    long seed = TestSeed.of("PartyRaceTest on " + store);
    var stores = new ArrayList<TestStore>(List.of(store));
    while (store.database().dialect() == Dialect.POSTGRES && stores.size() < 3) {
      stores.add(store.openSecondNode());
    }
    var nodes = new ArrayList<AccountNode>();
    for (int i = 0; i < 3; i++) {
      nodes.add(new AccountNode(stores.get(i % stores.size())));
    }
    try {
      List<PlayerId> players = players(store, nodes.getFirst());
      Map<String, Long> outcomes = new ConcurrentHashMap<>();
      try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
        var walks = new ArrayList<java.util.concurrent.Future<?>>();
        for (PlayerId player : players) {
          var walk =
              new Walk(store, nodes, players, player, new Random(seed + player.value()), outcomes);
          walks.add(crowd.submit(walk::run));
        }
        for (java.util.concurrent.Future<?> walk : walks) {
          walk.get();
        }
      }
      System.out.println("  " + new TreeMap<>(outcomes));
      assertThat(outcomes).doesNotContainKeys("internal", "busy", "lobby_busy", "timeout");
      assertThat(outcomes).containsKeys("Accept", "Leave");
      assertRowsAgree(store);
      assertEventsAgree(store, stores.stream().flatMap(one -> one.published().stream()).toList());
    } finally {
      nodes.forEach(AccountNode::close);
      stores.subList(1, stores.size()).forEach(TestStore::close);
    }
  }

  private static List<PlayerId> players(TestStore store, AccountNode node) {
    var players = new ArrayList<PlayerId>();
    for (int i = 0; i < PLAYERS; i++) {
      players.add(node.signIn("device " + i).player());
    }
    store
        .database()
        .write(
            tx ->
                tx.run(
                    """
                    INSERT INTO friendship
                      (requester_id, target_id, state, created_ms, changed_ms)
                    SELECT one.id, other.id, 'accepted', 0, 0
                    FROM player AS one JOIN player AS other ON one.id < other.id
                    """));
    store.database().write(tx -> tx.run("UPDATE player SET online = 1"));
    return players;
  }

  /** One player, who does this and that. */
  private record Walk(
      TestStore store,
      List<AccountNode> nodes,
      List<PlayerId> players,
      PlayerId me,
      Random random,
      Map<String, Long> outcomes) {
    void run() {
      for (int step = 0; step < STEPS; step++) {
        Command<?> command = next();
        String outcome = command.getClass().getSimpleName();
        try {
          nodes.get(random.nextInt(nodes.size())).ask(command);
        } catch (Refused refused) {
          outcome = refused.refusal().code();
        }
        outcomes.merge(outcome, 1L, Long::sum);
        if (command instanceof AccountCommand.Delete) {
          return;
        }
      }
    }

    private Command<?> next() {
      PlayerId other = players.get(random.nextInt(players.size()));
      return switch (random.nextInt(22)) {
        case 0, 1 -> new PartyCommand.Create(me, 2 + random.nextInt(3), Map.of(), null);
        case 2, 3, 4, 5, 6 -> new PartyCommand.Invite(me, other);
        case 7, 8, 9, 10, 11 -> new PartyCommand.Accept(me, anInvite(), null);
        case 12 -> new PartyCommand.Decline(me, anInvite());
        case 13 -> new PartyCommand.CancelInvite(me, other);
        case 14 -> new PartyCommand.Leave(me, null);
        case 15 -> new PartyCommand.Kick(me, aCompanion(), null);
        case 16 -> new PartyCommand.Update(me, 2 + random.nextInt(4), null);
        case 17 -> new LobbyCommand.OpenWithParty(me, seats(), null);
        case 18 -> new LobbyCommand.JoinWithParty(aLobby(), me, null, null, null, null);
        case 19 -> new LobbyCommand.QuickJoin(me, null, SEATS, Map.of(), null);
        case 20 -> new LobbyCommand.Leave(me);
        default ->
            random.nextInt(8) == 0
                ? new AccountCommand.Delete(me)
                : random.nextBoolean()
                    ? new LobbyCommand.Join(aLobby(), me, null)
                    : new LobbyCommand.Leave(me);
      };
    }

    private PartyId anInvite() {
      List<Long> found =
          ids(
              """
              SELECT party_id AS id FROM party_invite WHERE recipient_id = %d AND state = 'pending'
              """);
      return new PartyId(one(found));
    }

    private LobbyId aLobby() {
      return new LobbyId(one(ids("SELECT id FROM lobby WHERE closed_ms IS NULL")));
    }

    private PlayerId aCompanion() {
      return new PlayerId(
          one(
              ids(
                  """
                  SELECT id FROM player WHERE id <> %1$d
                    AND party_id = (SELECT party_id FROM player WHERE id = %1$d)
                  """)));
    }

    private List<Long> ids(String statement) {
      return store.database().read(statement.formatted(me.value())).all(row -> row.number("id"));
    }

    private long one(List<Long> found) {
      return found.isEmpty() ? 999_999 : found.get(random.nextInt(found.size()));
    }

    private static LobbyCommand.Settings seats() {
      return new LobbyCommand.Settings(null, SEATS, null, null, null, null, null);
    }
  }

  private static void assertRowsAgree(TestStore store) {
    assertNone(
        store,
        """
        SELECT party.id FROM party WHERE closed_ms IS NULL AND (members > max_size
          OR members <> (SELECT COUNT(*) FROM player WHERE party_id = party.id)
          OR NOT EXISTS (SELECT 1 FROM player WHERE player.id = leader_id AND party_id = party.id))
        """);
    assertNone(
        store,
        """
        SELECT player.id FROM player WHERE party_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM party WHERE party.id = player.party_id AND closed_ms IS NULL)
        """);
    assertNone(
        store,
        """
        SELECT lobby.id FROM lobby WHERE closed_ms IS NULL AND (members > seats_max
          OR members <> (SELECT COUNT(*) FROM player WHERE lobby_id = lobby.id))
        """);
    assertNone(
        store,
        """
        SELECT player.id FROM player WHERE lobby_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM lobby WHERE lobby.id = player.lobby_id AND closed_ms IS NULL)
        """);
    assertNone(
        store,
        """
        SELECT party_invite.id FROM party_invite JOIN party ON party.id = party_id
        WHERE closed_ms IS NOT NULL OR party.leader_id <> sender_id
        """);
    assertNone(
        store,
        """
        SELECT notification.id FROM notification WHERE title = 'New Party Invite' AND NOT EXISTS (
          SELECT 1 FROM party_invite WHERE party_invite.sender_id = notification.sender_id
            AND party_invite.recipient_id = notification.recipient_id AND state = 'pending')
        """);
  }

  private static void assertNone(TestStore store, String statement) {
    assertThat(store.database().read(statement).all(row -> row.number("id")))
        .as(statement)
        .isEmpty();
  }

  private static void assertEventsAgree(TestStore store, List<CommittedEvent> published) {
    var seen = new HashSet<String>();
    var counts = new HashMap<String, Long>();
    for (CommittedEvent event : published) {
      assertThat(seen.add(event.stream() + " " + event.position())).as("published once").isTrue();
      counts.merge(event.stream(), 1L, Long::sum);
    }
    counts.forEach(
        (stream, count) ->
            assertThat(store.readAll(stream)).as(stream).hasSize(Math.toIntExact(count)));
    counts.keySet().stream()
        .filter(stream -> stream.startsWith("party:"))
        .forEach(stream -> assertMembersFollow(store, stream));
    counts.keySet().stream()
        .filter(stream -> stream.startsWith("lobby:"))
        .forEach(stream -> assertLobbyMembersFollow(store, stream));
  }

  /** A client that followed a party from its beginning knows its members. */
  private static void assertMembersFollow(TestStore store, String stream) {
    Set<Long> members = new TreeSet<>();
    boolean over = false;
    for (CommittedEvent committed : store.readAll(stream)) {
      if (committed.event() instanceof PartyEvent event) {
        assertThat(over).as(stream).isFalse();
        members.add(partyOf(event).leader().value());
        switch (event) {
          case PartyEvent.Joined(_, var player) ->
              assertThat(members.add(player.id().value())).as(stream).isTrue();
          case PartyEvent.Left(_, var player, _) ->
              assertThat(members.remove(player.value())).as(stream).isTrue();
          case PartyEvent.Kicked(_, var player, _) ->
              assertThat(members.remove(player.value())).as(stream).isTrue();
          case PartyEvent.Disbanded _ -> {
            members.clear();
            over = true;
          }
          case PartyEvent.Changed _, PartyEvent.Created _ -> {}
        }
        assertThat(members.size()).as(stream).isEqualTo(partyOf(event).members());
      }
    }
    if (!members.isEmpty()) {
      assertThat(rows(store, "party_id", stream)).as(stream).isEqualTo(members);
    }
  }

  private static Party partyOf(PartyEvent event) {
    return switch (event) {
      case PartyEvent.Joined joined -> joined.party();
      case PartyEvent.Left left -> left.party();
      case PartyEvent.Kicked kicked -> kicked.party();
      case PartyEvent.Disbanded disbanded -> disbanded.party();
      case PartyEvent.Changed changed -> changed.party();
      case PartyEvent.Created created -> created.party();
    };
  }

  private static void assertLobbyMembersFollow(TestStore store, String stream) {
    Set<Long> members = new TreeSet<>();
    for (CommittedEvent committed : store.readAll(stream)) {
      switch (committed.event()) {
        case LobbyEvent.Opened(var lobby) -> members.add(lobby.host().value());
        case LobbyEvent.Joined(_, var player) ->
            assertThat(members.add(player.id().value())).as(stream).isTrue();
        // The host of a new lobby is told of too.
        case LobbyEvent.PartyJoined(_, var player) -> members.add(player.id().value());
        case LobbyEvent.Left(_, var player, _) ->
            assertThat(members.remove(player.value())).as(stream).isTrue();
        case LobbyEvent.Closed _ -> members.clear();
        default -> {}
      }
      assertThat(members).as(stream).hasSizeLessThanOrEqualTo(8);
    }
    assertThat(rows(store, "lobby_id", stream)).as(stream).isEqualTo(members);
  }

  private static Set<Long> rows(TestStore store, String column, String stream) {
    long id = Long.parseLong(stream.substring(stream.indexOf(':') + 1));
    return new TreeSet<>(
        store
            .database()
            .read("SELECT id FROM player WHERE " + column + " = $1", id)
            .all(row -> row.number("id")));
  }
}
