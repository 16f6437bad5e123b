package dev.rookery.account;

import dev.rookery.achievement.AchievementVerticle;
import dev.rookery.allocation.LocalAllocator;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.AuthDependencies;
import dev.rookery.auth.AuthSettings;
import dev.rookery.auth.AuthVerticle;
import dev.rookery.auth.Client;
import dev.rookery.auth.EmailVerticle;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.auth.SessionVerticle;
import dev.rookery.auth.SignInThrottle;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.cache.LocalCounters;
import dev.rookery.chat.ChatFilters;
import dev.rookery.chat.ChatVerticle;
import dev.rookery.chat.DirectMessagePurge;
import dev.rookery.chat.ModerationVerticle;
import dev.rookery.chat.PersonalMuteVerticle;
import dev.rookery.console.AuditLog;
import dev.rookery.console.ConsoleSettings;
import dev.rookery.console.ConsoleVerticle;
import dev.rookery.console.FactorCipher;
import dev.rookery.email.EmailQueue;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.friend.FriendPresence;
import dev.rookery.friend.FriendVerticle;
import dev.rookery.friend.Friends;
import dev.rookery.game.TicTacToe;
import dev.rookery.group.GroupPresence;
import dev.rookery.group.GroupVerticle;
import dev.rookery.group.Groups;
import dev.rookery.leaderboard.IndexSettings;
import dev.rookery.leaderboard.LeaderboardSettings;
import dev.rookery.leaderboard.LeaderboardVerticle;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyDependencies;
import dev.rookery.lobby.LobbyVerticle;
import dev.rookery.match.Games;
import dev.rookery.match.MatchSettings;
import dev.rookery.match.MatchVerticle;
import dev.rookery.matchmaking.MatchmakingSetup;
import dev.rookery.matchmaking.MatchmakingVerticle;
import dev.rookery.notification.NotificationSettings;
import dev.rookery.notification.NotificationVerticle;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.Parties;
import dev.rookery.party.PartyVerticle;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.storage.KeySchemas;
import dev.rookery.storage.StorageSettings;
import dev.rookery.storage.StorageVerticle;
import dev.rookery.store.LongLists;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestPasswords;
import dev.rookery.testkit.TestStore;
import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Every domain that stores data of players, over one store. */
final class AccountNode implements AutoCloseable {
  static final Client CLIENT = new Client("127.0.0.1", "Test/1");

  private final TestBus node = new TestBus();
  private final SeededIds ids = new SeededIds(11);
  private final PasswordHasher passwordHasher = new PasswordHasher(ids, 1, TestPasswords.COST);
  private final NotificationWriter notifications = new NotificationWriter();
  private final TestStore store;
  private final Tokens tokens;
  private final Sessions sessions;

  AccountNode(TestStore store) {
    this.store = store;
    var bus = node.bus();
    var database = store.database();
    var clock = store.clock();
    // Its time stands still, so that it stays certain of its leases without heartbeats.
    var member = TestClusterMember.join(store, "node", () -> 0);
    tokens = new Tokens(node.vertx(), "s".repeat(64), clock, ids);
    sessions = new Sessions(node.vertx(), bus, tokens, clock);
    node.deploy(new PlayerVerticle(bus, database, clock, Limits.DEFAULTS, TestStore.DIGESTS));
    node.deploy(
        new ConsoleVerticle(
            bus,
            database,
            new AuditLog(() -> 1),
            new ConsoleSettings(
                false, Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(400), true, null),
            new FactorCipher("a secret of tests", List.of()),
            member.scheduler(),
            clock,
            ids));
    node.deploy(new SessionVerticle(bus, database, sessions, clock, ids, member.scheduler(), true));
    var meters = new SimpleMeterRegistry();
    var dependencies =
        new AuthDependencies(
            tokens,
            passwordHasher,
            new SignInThrottle(new LocalCounters(clock), meters),
            new EmailQueue(
                node.vertx(), new PreviewEmailSender(false), meters, InstantSource.system()),
            TestStore.DIGESTS,
            new AuthSettings(
                Limits.DEFAULTS,
                true,
                100,
                Duration.ofDays(365),
                "Rookery",
                () -> "",
                true,
                new Translations("en", new SimpleMeterRegistry())),
            clock,
            ids);
    node.deploy(new AuthVerticle(bus, database, dependencies));
    node.deploy(new EmailVerticle(bus, database, dependencies, member.scheduler()));
    node.deploy(
        new NotificationVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            new NotificationSettings(
                Limits.DEFAULTS, member.scheduler(), clock, Duration.ofDays(90), 1_000)));
    node.deploy(
        new FriendVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            new FriendPresence(database, new SimpleMeterRegistry(), _ -> {}),
            new DirectMessagePurge(),
            Limits.DEFAULTS,
            clock));
    node.deploy(
        new GroupVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            new GroupPresence(database, new SimpleMeterRegistry(), _ -> {}),
            member.scheduler(),
            Limits.DEFAULTS,
            new LocalCounters(clock)));
    node.deploy(
        new PartyVerticle(
            bus,
            database,
            new Players(clock),
            new Friends(),
            new Groups()::shareGroup,
            notifications,
            member.scheduler(),
            Limits.DEFAULTS,
            new LongLists(clock)));
    node.deploy(
        new MatchVerticle(
            bus,
            database,
            member.leases(),
            member.membership(),
            member.scheduler(),
            clock,
            ids,
            meters,
            new Games(List.of(TicTacToe.game())),
            new MatchSettings(Duration.ofHours(1), Duration.ofHours(1), 20, 50, false),
            null,
            "node"));
    node.deploy(
        new AchievementVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            Limits.DEFAULTS,
            Caches.disabled(clock, meters),
            ChangeFeed.NONE,
            new LongLists(clock)));
    node.deploy(
        new StorageVerticle(
            bus,
            database,
            new Players(clock),
            new Lobbies(),
            new StorageSettings(512, 65_536, 16_384, 1_000, 1 << 20, true, Set.of()),
            member.scheduler(),
            Caches.disabled(clock, meters),
            ChangeFeed.NONE,
            new KeySchemas(),
            new LongLists(clock)));
    node.deploy(
        new LobbyVerticle(
            bus,
            database,
            new Players(clock),
            notifications,
            passwordHasher,
            new LobbyDependencies(
                member::run,
                member.scheduler(),
                Limits.DEFAULTS,
                new Random(1),
                ids,
                new LocalAllocator(() -> new LocalAllocator.RelayAddress("here", 4000)),
                new LongLists(clock),
                new LocalCounters(clock))));
    node.deploy(
        new ModerationVerticle(
            bus,
            database,
            new Players(clock),
            new Friends(),
            new Groups(),
            new Parties(new Players(clock)),
            new Lobbies(),
            member.scheduler(),
            clock));
    node.deploy(
        new PersonalMuteVerticle(
            bus,
            database,
            new Players(clock),
            new Friends(),
            new Groups(),
            new Parties(new Players(clock)),
            new Lobbies(),
            member.scheduler(),
            clock));
    node.deploy(
        new ChatVerticle(
            bus,
            database,
            new Players(clock),
            new Friends(),
            new Groups(),
            new Parties(new Players(clock)),
            new Lobbies(),
            Limits.DEFAULTS,
            member.scheduler(),
            clock,
            new ChatFilters(new SimpleMeterRegistry())));
    node.deploy(
        new MatchmakingVerticle(
            bus,
            database,
            new MatchmakingSetup(
                member::run, member.scheduler(), clock, ids, _ -> null, Duration.ofMinutes(5)),
            meters));
    node.deploy(
        new LeaderboardVerticle(
            bus,
            database,
            new Players(clock),
            clock,
            new LeaderboardSettings(
                Limits.DEFAULTS, 10, new IndexSettings(0, Duration.ofMinutes(1))),
            (_, _) -> {
              throw new IllegalStateException("there is no index");
            },
            member.scheduler(),
            Caches.disabled(clock, meters),
            ChangeFeed.NONE));
    node.deploy(new AccountVerticle(bus, clock, new LocalCounters(clock)));
  }

  TestBus bus() {
    return node;
  }

  Tokens tokens() {
    return tokens;
  }

  Sessions sessions() {
    return sessions;
  }

  <R> R ask(Command<R> command) {
    return node.ask(command);
  }

  TokenPair signIn(String device) {
    return node.ask(new AuthCommand.SignInByDevice(device, CLIENT));
  }

  LobbyId openLobby(PlayerId host) {
    var settings = new LobbyCommand.Settings("Room", 4, null, null, null, null, null);
    return node.ask(new LobbyCommand.Open(host, settings, null)).id();
  }

  void sendNotification(PlayerId sender, PlayerId recipient) {
    store.database().write(tx -> notifications.put(tx, sender, recipient, "Hello", "", Map.of()));
  }

  @Override
  public void close() {
    node.close();
    passwordHasher.close();
  }
}
