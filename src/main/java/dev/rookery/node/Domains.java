package dev.rookery.node;

import dev.rookery.account.AccountVerticle;
import dev.rookery.achievement.AchievementEvent;
import dev.rookery.achievement.AchievementVerticle;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.CommittedEvent;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.chat.ChatEvent;
import dev.rookery.chat.ChatFilters;
import dev.rookery.chat.ChatVerticle;
import dev.rookery.chat.DirectMessagePurge;
import dev.rookery.chat.FilterVerticle;
import dev.rookery.chat.MessageNotifications;
import dev.rookery.chat.ModerationVerticle;
import dev.rookery.chat.PersonalMuteVerticle;
import dev.rookery.config.KvConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.AuditLog;
import dev.rookery.console.DrillEvent;
import dev.rookery.consumer.Consumers;
import dev.rookery.extensionhost.ExtensionChannelEvent;
import dev.rookery.fanout.FanOut;
import dev.rookery.friend.FriendEvent;
import dev.rookery.friend.FriendPresence;
import dev.rookery.friend.FriendPresenceEvent;
import dev.rookery.friend.FriendVerticle;
import dev.rookery.friend.Friends;
import dev.rookery.group.GroupEvent;
import dev.rookery.group.GroupPresence;
import dev.rookery.group.GroupPresenceEvent;
import dev.rookery.group.GroupVerticle;
import dev.rookery.group.Groups;
import dev.rookery.leaderboard.BoardStreams;
import dev.rookery.leaderboard.IndexSettings;
import dev.rookery.leaderboard.LeaderboardEvent;
import dev.rookery.leaderboard.LeaderboardSettings;
import dev.rookery.leaderboard.LeaderboardVerticle;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyDependencies;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.lobby.LobbyVerticle;
import dev.rookery.match.MatchEvent;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.notification.BroadcastSettings;
import dev.rookery.notification.BroadcastVerticle;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.NotificationSettings;
import dev.rookery.notification.NotificationVerticle;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.Parties;
import dev.rookery.party.PartyEvent;
import dev.rookery.party.PartyInviteEvent;
import dev.rookery.party.PartyVerticle;
import dev.rookery.player.AccountEvent;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.Players;
import dev.rookery.presence.OnlinePlayers;
import dev.rookery.presence.PresenceEvent;
import dev.rookery.presence.PresenceListener;
import dev.rookery.presence.PresenceSettings;
import dev.rookery.presence.PresenceVerticle;
import dev.rookery.protocol.gamend.GamendApi;
import dev.rookery.relay.Relay;
import dev.rookery.sample.SampleVerticle;
import dev.rookery.storage.KeySchemas;
import dev.rookery.storage.SchemaVerticle;
import dev.rookery.storage.StorageEvent;
import dev.rookery.storage.StorageSettings;
import dev.rookery.storage.StorageVerticle;
import dev.rookery.store.Database;
import dev.rookery.store.LongLists;
import dev.rookery.store.RecordedDatabase;
import dev.rookery.store.Store;
import dev.rookery.store.TracedDatabase;
import dev.rookery.webrtc.PeerEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Deploys the verticles of the domains, in their order: a domain may send commands to those before
 * it, never to those after it. The same order is held by {@code ArchitectureTest}.
 *
 * <p>A new domain is one line in {@link #deploy} and, if it has events, one in {@link #EVENTS}.
 */
final class Domains {
  /** All families of events, and those that consumers read; their order means nothing. */
  static final EventTypes EVENTS =
      new EventTypes(
          List.of(
              PlayerEvent.class,
              AccountEvent.class,
              NotificationEvent.class,
              PresenceEvent.class,
              FriendEvent.class,
              FriendPresenceEvent.class,
              GroupEvent.class,
              GroupPresenceEvent.class,
              PartyEvent.class,
              PartyInviteEvent.class,
              LobbyEvent.class,
              ChatEvent.class,
              LeaderboardEvent.class,
              AchievementEvent.class,
              StorageEvent.class,
              MatchmakingEvent.class,
              ExtensionChannelEvent.class,
              PeerEvent.class,
              MatchEvent.class,
              DrillEvent.class),
          List.of(ChatEvent.Sent.class));

  private static final Duration EXPIRED_ROLES_EVERY = Duration.ofMinutes(1);

  private final NodeServices services;
  private final NodeConfig config;
  private final Bus bus;
  private final AuditLog audit;
  private final Database database;
  private final MeterRegistry meters;
  private final ClusterServices cluster;
  private final Consumers consumers;
  private final ClusterScheduler scheduler;
  private final LongSupplier run;
  private final BoardStreams boardStreams;
  private final ChangeFeed changes;
  private final Caches caches;
  private final CloseStack closing;
  private final FriendPresence friendPresence;
  private final GroupPresence groupPresence;
  private final PresenceVerticle presence;
  private final SignInSetup signIns;
  private final MatchSetup matches;
  private final ExtensionSetup extensions;
  private final ScriptSetup luaScripts;

  /** Constructs what other parts of the node refer to; {@link #deploy} starts everything. */
  Domains(
      NodeServices services,
      Store store,
      ClusterServices cluster,
      Consumers consumers,
      FanOut fanOut,
      BoardStreams boardStreams,
      ChangeFeed changes,
      CloseStack closing) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
    this.audit = new AuditLog(cluster.membership()::run);
    boolean traces = config.traces().sample() > 0;
    this.database =
        new RecordedDatabase(
            traced(store.database(), traces), traced(store.readLane(), traces), audit);
    this.meters = services.meters();
    this.cluster = cluster;
    this.consumers = consumers;
    this.scheduler = cluster.scheduler();
    this.run = cluster.membership()::run;
    this.boardStreams = boardStreams;
    this.changes = changes;
    this.caches = CacheFactory.caches(config, services.vertx(), services.clock(), meters, closing);
    this.closing = closing;
    this.friendPresence = new FriendPresence(database, meters, fanOut::announce);
    this.groupPresence = new GroupPresence(database, meters, fanOut::announce);
    this.presence = presence();
    this.signIns = new SignInSetup(services, database, cluster, closing);
    this.matches = new MatchSetup(services, database, cluster, closing);
    this.extensions = new ExtensionSetup(services, database, cluster, consumers, fanOut, closing);
    this.luaScripts = new ScriptSetup(services, database, cluster, closing);
  }

  void deploy(Deployments deployments, PasswordHasher passwords) {
    closing.add("password hashing", passwords);
    var clock = services.clock();
    var limits = config.limits();
    var players = new Players(clock);
    var notifications = new NotificationWriter(meters);
    var groups = new Groups();
    var parties = new Parties(players);
    var lobbies = new Lobbies();
    var filters = new ChatFilters(meters);
    var schemas = new KeySchemas();
    var longLists = new LongLists(clock);

    var domains = new ArrayList<Deployable>();
    domains.addAll(new ConsoleSetup(services, database, audit, cluster).verticles());
    domains.addAll(signIns.verticles(passwords));
    domains.addAll(
        List.of(
            new NotificationVerticle(
                bus,
                database,
                players,
                notifications,
                new NotificationSettings(
                    limits,
                    scheduler,
                    clock,
                    config.notifications().keptFor(),
                    config.notifications().storedMax())),
            broadcasts(players, notifications),
            presence,
            new FriendVerticle(
                bus,
                database,
                players,
                notifications,
                friendPresence,
                new DirectMessagePurge(),
                limits,
                clock),
            new GroupVerticle(
                bus,
                database,
                players,
                notifications,
                groupPresence,
                scheduler,
                limits,
                services.throttleCounters()),
            new PartyVerticle(
                bus,
                database,
                players,
                new Friends(),
                groups::shareGroup,
                notifications,
                scheduler,
                limits,
                longLists),
            new LobbyVerticle(bus, database, players, notifications, passwords, lobbies(longLists)),
            new FilterVerticle(bus, cluster.calls(), database, filters, meters),
            new ChatVerticle(
                bus,
                database,
                players,
                new Friends(),
                groups,
                parties,
                lobbies,
                limits,
                scheduler,
                clock,
                filters),
            new PersonalMuteVerticle(
                bus, database, players, new Friends(), groups, parties, lobbies, scheduler, clock),
            new ModerationVerticle(
                bus, database, players, new Friends(), groups, parties, lobbies, scheduler, clock),
            leaderboards(players),
            new AchievementVerticle(
                bus, database, players, notifications, limits, caches, changes, longLists),
            new SchemaVerticle(bus, cluster.calls(), database, schemas, meters),
            new StorageVerticle(
                bus,
                database,
                players,
                new Lobbies(),
                storage(),
                scheduler,
                caches,
                changes,
                schemas,
                longLists),
            new AccountVerticle(bus, clock, services.throttleCounters())));
    domains.addAll(matches.verticles());
    domains.add(new SampleVerticle(bus, database, scheduler, !config.production()));
    domains.forEach(deployments::deployDomain);

    var messageNotifications =
        new MessageNotifications(players, groups, parties, lobbies, notifications, clock);
    consumers.add(messageNotifications, scheduler);
    messageNotifications.schedule(scheduler, database);
    var expiredRoles = new ExpiredRoles(bus);
    scheduler.schedule("expired roles", EXPIRED_ROLES_EVERY, _ -> expiredRoles.end());
    luaScripts.deploy(deployments);
    extensions.deploy(deployments, matches.games()::setStored);
  }

  /** Without traces nothing stands between a domain and its database. */
  private static Database traced(Database database, boolean traces) {
    return traces ? new TracedDatabase(database) : database;
  }

  /** Writes what an admin does into the audit log, in the transaction of the change. */
  Database database() {
    return database;
  }

  /** The relay's rooms on this node, for the wire that serves them. */
  Relay relay() {
    return matches.relay();
  }

  /** The Lua scripts of this node, for the wire that calls them. */
  ScriptSetup luaScripts() {
    return luaScripts;
  }

  /** Receives the events that this node has committed, beside those that deliver them. */
  void onCommitted(List<CommittedEvent> events) {
    groupPresence.onCommitted(events);
  }

  /** How many players are connected to this node. */
  int online() {
    return presence.online();
  }

  private BroadcastVerticle broadcasts(Players players, NotificationWriter notifications) {
    return new BroadcastVerticle(
        bus,
        database,
        players,
        notifications,
        new BroadcastSettings(
            config.limits(),
            scheduler,
            services.clock(),
            config.notifications().broadcastRate(),
            config.notifications().keptFor(),
            OnlinePlayers::after));
  }

  private PresenceVerticle presence() {
    var settings = new PresenceSettings(config.presence().grace());
    var verticle =
        new PresenceVerticle(
            bus,
            database,
            services.clock(),
            cluster.membership(),
            scheduler,
            settings,
            PresenceListener.all(List.of(friendPresence, groupPresence)));
    Gauge.builder("rookery.presence.online", verticle, PresenceVerticle::online)
        .description("Players who are connected to this node")
        .register(meters);
    return verticle;
  }

  private LobbyDependencies lobbies(LongLists longLists) {
    return new LobbyDependencies(
        run,
        scheduler,
        config.limits(),
        services.dependencies().random(),
        services.ids(),
        matches.allocator(),
        longLists,
        services.throttleCounters());
  }

  private LeaderboardVerticle leaderboards(Players players) {
    var leaderboards = config.leaderboards();
    return new LeaderboardVerticle(
        bus,
        database,
        players,
        services.clock(),
        new LeaderboardSettings(
            config.limits(),
            leaderboards.boardsMax(),
            new IndexSettings(leaderboards.indexBytesMax(), leaderboards.indexIdleFor())),
        boardStreams,
        scheduler,
        caches,
        changes);
  }

  private StorageSettings storage() {
    var kv = config.kv();
    return new StorageSettings(
        kv.keyMax(),
        kv.valueBytesMax(),
        config.limits().metadataBytesMax(),
        kv.entriesMax(),
        kv.totalBytesMax(),
        kv.playerWrites(),
        kv.defaultAccess() == KvConfig.Access.PUBLIC ? Set.of(GamendApi.KV_COLLECTION) : Set.of());
  }
}
