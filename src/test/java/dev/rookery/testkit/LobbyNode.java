package dev.rookery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.allocation.Allocator;
import dev.rookery.allocation.LocalAllocator;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Ids;
import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.chat.ChatFilters;
import dev.rookery.chat.ChatVerticle;
import dev.rookery.chat.PersonalMuteVerticle;
import dev.rookery.friend.Friends;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyDependencies;
import dev.rookery.lobby.LobbyVerticle;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.Parties;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.LongLists;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves lobbies and chat from one store, as a node does, without network. */
public final class LobbyNode implements AutoCloseable {
  private static final Comparator<CommittedEvent> BY_OFFSET =
      Comparator.comparingLong(posted -> posted.position().offset());

  public static final Settings DEFAULT_SETTINGS =
      new Settings(null, null, null, null, null, null, null);

  private final TestStore store;
  private final TestClusterMember member;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Allocator> allocator =
      new AtomicReference<>(
          new LocalAllocator(() -> new LocalAllocator.RelayAddress("here", 4000)));
  private final Bus bus = new Bus(vertx, new SimpleMeterRegistry());
  private final PasswordHasher passwords =
      new PasswordHasher(new PredictableIds(), 2, TestPasswords.COST);

  public LobbyNode(TestStore store) {
    this.store = store;
    this.member = TestClusterMember.join(store, "test");
    var players = new Players(store.clock());
    deploy(
        new LobbyVerticle(
            bus,
            store.database(),
            players,
            new NotificationWriter(),
            passwords,
            lobbyDependencies(new Random(1))));
    deploy(
        new PersonalMuteVerticle(
            bus,
            store.database(),
            players,
            new Friends(),
            new Groups(),
            new Parties(players),
            new Lobbies(),
            member.scheduler(),
            store.clock()));
    deploy(
        new ChatVerticle(
            bus,
            store.database(),
            players,
            new Friends(),
            new Groups(),
            new Parties(players),
            new Lobbies(),
            Limits.DEFAULTS,
            member.scheduler(),
            store.clock(),
            new ChatFilters(new SimpleMeterRegistry())));
  }

  /** As those of the node, with other random numbers. */
  public LobbyDependencies lobbyDependencies(RandomGenerator random) {
    return new LobbyDependencies(
        member::run,
        member.scheduler(),
        Limits.DEFAULTS,
        random,
        new PredictableIds(),
        matchup -> allocator.get().allocate(matchup),
        new LongLists(store.clock()),
        null);
  }

  private void deploy(VerticleBase verticle) {
    await(
        vertx.deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
  }

  /** Replaces the allocator of game servers. */
  public void useAllocator(Allocator other) {
    allocator.set(other);
  }

  public Database database() {
    return store.database();
  }

  public TestClusterMember member() {
    return member;
  }

  public TestStore store() {
    return store;
  }

  public <R> Future<R> send(Command<R> command) {
    return bus.ask(command);
  }

  /** Waits for the result; throws {@link Refused} if the command is refused. */
  public <R> R ask(Command<R> command) {
    return await(bus.ask(command));
  }

  /** Waits for the refusal of a command that must be refused. */
  public Refusal refusal(Command<?> command) {
    try {
      Object result = await(bus.ask(command));
      throw new AssertionError(command + " was not refused but returned " + result);
    } catch (Refused refused) {
      return refused.refusal();
    }
  }

  public PlayerId createPlayer(String name) {
    return store
        .database()
        .write(
            tx ->
                tx.run(
                        """
                        INSERT INTO player (uuid, display_name, created_ms, updated_ms)
                        VALUES ($1, $2, 1, 1) RETURNING id
                        """,
                        name,
                        name)
                    .first(row -> new PlayerId(row.number("id")))
                    .orElseThrow());
  }

  /** Returns the events of a stream, in order. */
  public List<CommittedEvent> events(String stream) {
    return store.published().stream()
        .filter(posted -> posted.stream().equals(stream))
        .sorted(BY_OFFSET)
        .toList();
  }

  /** Returns the event names of a stream after an offset: {@code LobbyEvent.Joined}. */
  public List<String> eventNames(String stream, int after) {
    return events(stream).stream()
        .skip(after)
        .map(posted -> Databases.EVENTS.name(posted.event()))
        .toList();
  }

  /** Asserts that no player's membership in a lobby is tied to a connection. */
  public void assertNoMemberHasAConnection() {
    assertThat(store.database().read("SELECT id FROM player WHERE lobby_run IS NOT NULL").size())
        .isZero();
  }

  /** Asserts what must hold for all lobbies, members, teams and streams at any time. */
  public void assertInvariants() {
    Database database = store.database();
    assertThat(
            database
                .read(
                    """
                    SELECT id FROM lobby
                    WHERE members <> (SELECT count(*) FROM player WHERE lobby_id = lobby.id)
                       OR members > seats_max
                    """)
                .all(row -> row.number("id")))
        .as("lobbies with a wrong member count or more members than seats")
        .isEmpty();
    assertThat(
            database
                .read(
                    """
                    SELECT id FROM lobby
                    WHERE closed_ms IS NULL AND hostless = 0 AND NOT EXISTS (
                      SELECT 1 FROM player
                      WHERE player.lobby_id = lobby.id AND player.id = lobby.host_id)
                    """)
                .all(row -> row.number("id")))
        .as("lobbies whose host is not a member")
        .isEmpty();
    assertThat(
            database
                .read(
                    """
                    SELECT id FROM player
                    WHERE lobby_id IS NOT NULL AND lobby_id NOT IN (
                      SELECT id FROM lobby WHERE closed_ms IS NULL)
                    """)
                .all(row -> row.number("id")))
        .as("players in a lobby that does not exist")
        .isEmpty();
    database
        .read("SELECT id, roster FROM lobby WHERE closed_ms IS NULL AND roster IS NOT NULL")
        .all(row -> Map.entry(new LobbyId(row.number("id")), row.text("roster")))
        .forEach(
            entry ->
                assertThat(playersInTeams(entry.getValue()))
                    .as("players in the teams of lobby " + entry.getKey())
                    .containsExactlyInAnyOrderElementsOf(members(entry.getKey())));
    store.published().stream()
        .sorted(BY_OFFSET)
        .collect(Collectors.groupingBy(CommittedEvent::stream))
        .forEach(LobbyNode::assertGapless);
  }

  private static List<PlayerId> playersInTeams(String roster) {
    var teams = new JsonObject(roster);
    return Stream.of("a", "b")
        .flatMap(team -> teams.getJsonArray(team).stream())
        .map(entrant -> ((JsonArray) entrant).getLong(0))
        .filter(Objects::nonNull)
        .map(PlayerId::new)
        .toList();
  }

  private static void assertGapless(String stream, List<CommittedEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).position().offset()).as(stream).isEqualTo(i + 1);
    }
  }

  public List<PlayerId> members(LobbyId lobby) {
    return store
        .database()
        .read("SELECT id FROM player WHERE lobby_id = $1 ORDER BY id", lobby.value())
        .all(row -> new PlayerId(row.number("id")));
  }

  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(120, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    member.close();
    await(vertx.close());
    passwords.close();
  }

  /** Generates distinct ids from a fixed seed. */
  private static final class PredictableIds implements Ids {
    private final Random random = new Random(7);

    @Override
    public String uuid() {
      return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    @Override
    public String token(int bytes) {
      var token = new byte[bytes];
      random.nextBytes(token);
      return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }
  }
}
