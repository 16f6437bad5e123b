package dev.rookery.node;

import dev.rookery.account.AccountVerticle;
import dev.rookery.achievement.AchievementEvent;
import dev.rookery.achievement.AchievementVerticle;
import dev.rookery.allocation.Allocator;
import dev.rookery.auth.AdminOidcVerticle;
import dev.rookery.auth.AuthDependencies;
import dev.rookery.auth.AuthSettings;
import dev.rookery.auth.AuthVerticle;
import dev.rookery.auth.EmailVerticle;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.auth.ProviderVerticle;
import dev.rookery.auth.SessionVerticle;
import dev.rookery.auth.SignInThrottle;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.ComparedText;
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
import dev.rookery.config.KvConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.AuditLog;
import dev.rookery.console.BulkVerticle;
import dev.rookery.console.ConsoleSettings;
import dev.rookery.console.ConsoleVerticle;
import dev.rookery.console.DrillEvent;
import dev.rookery.console.FactorCipher;
import dev.rookery.console.KeyVerticle;
import dev.rookery.console.NoteVerticle;
import dev.rookery.console.PasskeyVerticle;
import dev.rookery.console.ViewVerticle;
import dev.rookery.consumer.Consumers;
import dev.rookery.email.EmailQueue;
import dev.rookery.extensionhost.ExtensionChannelEvent;
import dev.rookery.fanout.FanOut;
import dev.rookery.friend.FriendEvent;
import dev.rookery.friend.FriendPresence;
import dev.rookery.friend.FriendPresenceEvent;
import dev.rookery.friend.FriendVerticle;
import dev.rookery.friend.Friends;
import dev.rookery.game.BuiltinGames;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.game.script.ScriptLimits;
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
import dev.rookery.match.ControlPlane;
import dev.rookery.match.GameVerticle;
import dev.rookery.match.Games;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchSettings;
import dev.rookery.match.MatchVerticle;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.matchmaking.MatchmakingSetup;
import dev.rookery.matchmaking.MatchmakingVerticle;
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
import dev.rookery.player.DeviceDigests;
import dev.rookery.player.DeviceMigration;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.presence.OnlinePlayers;
import dev.rookery.presence.PresenceEvent;
import dev.rookery.presence.PresenceListener;
import dev.rookery.presence.PresenceSettings;
import dev.rookery.presence.PresenceVerticle;
import dev.rookery.protocol.gamend.GamendApi;
import dev.rookery.protocol.openturn.ControlPlaneClient;
import dev.rookery.provider.ProviderHttpClient;
import dev.rookery.relay.Relay;
import dev.rookery.relay.RelayVerticle;
import dev.rookery.sample.SampleVerticle;
import dev.rookery.storage.KeySchemas;
import dev.rookery.storage.SchemaVerticle;
import dev.rookery.storage.StorageEvent;
import dev.rookery.storage.StorageSettings;
import dev.rookery.storage.StorageVerticle;
import dev.rookery.store.Database;
import dev.rookery.store.RecordedDatabase;
import dev.rookery.store.Store;
import dev.rookery.translation.TranslationVerticle;
import dev.rookery.webrtc.PeerEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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

  private static final long EARLIER_NODES_MS = 5_000;
  private static final Duration EXPIRED_ROLES_EVERY = Duration.ofMinutes(1);
  private static final Duration DIGESTS_EVERY = Duration.ofSeconds(10);

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
  private final Relay relay;
  private final FriendPresence friendPresence;
  private final GroupPresence groupPresence;
  private final PresenceVerticle presence;
  private final DeviceDigests digests;
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
    this.database = new RecordedDatabase(store.database(), store.readLane(), audit);
    this.meters = services.meters();
    this.cluster = cluster;
    this.consumers = consumers;
    this.scheduler = cluster.scheduler();
    this.run = cluster.membership()::run;
    this.boardStreams = boardStreams;
    this.changes = changes;
    this.caches = CacheFactory.caches(config, services.vertx(), services.clock(), meters, closing);
    this.closing = closing;
    this.relay = new Relay(services.vertx(), bus, meters, config.cluster().nodeName());
    this.friendPresence = new FriendPresence(database, meters, fanOut::announce);
    this.groupPresence = new GroupPresence(database, meters, fanOut::announce);
    this.presence = presence();
    this.digests = deviceDigests();
    this.extensions = new ExtensionSetup(services, database, cluster, consumers, fanOut, closing);
    this.luaScripts = new ScriptSetup(services, database, cluster, closing);
  }

  void deploy(Deployments deployments, PasswordHasher passwords) {
    closing.add("password hashing", passwords);
    var clock = services.clock();
    var limits = config.limits();
    var auth = auth(passwords);
    var providerClient = providerClient();
    var players = new Players(clock);
    var notifications = new NotificationWriter(meters);
    var groups = new Groups();
    var parties = new Parties(players);
    var lobbies = new Lobbies();
    var filters = new ChatFilters(meters);
    var games = new Games(BuiltinGames.all());
    services.extensions().onGames(games::setExtensions);
    var scripts = new ScriptEngine(scriptLimits(), meters);
    closing.add("scripts of games", scripts);
    ControlPlane controlPlane = controlPlane();
    var allocator = AllocatorFactory.createAllocator(services, database, games, controlPlane);

    var schemas = new KeySchemas();
    for (var domain :
        List.of(
            console(),
            new ViewVerticle(bus, database),
            new NoteVerticle(bus, database),
            passkeys(),
            new BulkVerticle(
                bus,
                database,
                scheduler,
                services.adminLists().actions(),
                clock,
                config.pages().enabled()),
            new KeyVerticle(bus, database, services.accessKeys(), scheduler, clock, services.ids()),
            new TranslationVerticle(bus, database, services.translations()),
            new PlayerVerticle(bus, database, clock, limits, digests),
            new SessionVerticle(
                bus,
                database,
                services.sessions(),
                clock,
                services.ids(),
                scheduler,
                config.admin().passwords()),
            new AuthVerticle(bus, database, auth),
            new EmailVerticle(bus, database, auth, scheduler),
            providers(auth, providerClient),
            adminOidc(auth, providerClient),
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
                limits),
            new LobbyVerticle(bus, database, players, notifications, passwords, lobbies(allocator)),
            new FilterVerticle(bus, database, filters),
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
                filters),
            new ModerationVerticle(
                bus, database, players, new Friends(), groups, parties, lobbies, scheduler, clock),
            leaderboards(players),
            new AchievementVerticle(bus, database, players, notifications, limits, caches, changes),
            new SchemaVerticle(bus, database, schemas),
            new StorageVerticle(
                bus,
                database,
                players,
                new Lobbies(),
                storage(),
                scheduler,
                caches,
                changes,
                schemas),
            new AccountVerticle(bus, clock, services.throttleCounters()),
            new MatchmakingVerticle(bus, database, matchmaking(allocator), meters),
            matches(games, controlPlane),
            new GameVerticle(bus, database, scripts, games, config.matches().gamesFolder()),
            new RelayVerticle(bus, database, relay, config.cluster().nodeName(), run),
            new SampleVerticle(bus, database, scheduler, !config.production()))) {
      deployments.deployDomain(domain);
    }
    var messageNotifications =
        new MessageNotifications(players, groups, parties, lobbies, notifications, clock);
    consumers.add(messageNotifications, scheduler);
    messageNotifications.schedule(scheduler, database);
    var expiredRoles = new ExpiredRoles(bus);
    scheduler.schedule("expired roles", EXPIRED_ROLES_EVERY, _ -> expiredRoles.end());
    luaScripts.deploy(deployments);
    extensions.deploy(deployments, games::setStored);
  }

  /** Writes what an admin does into the audit log, in the transaction of the change. */
  Database database() {
    return database;
  }

  /** The relay's rooms on this node, for the wire that serves them. */
  Relay relay() {
    return relay;
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

  private ConsoleSettings consoleSettings() {
    var admin = config.admin();
    boolean production = config.production();
    String recovered = admin.recoverOwner();
    return new ConsoleSettings(
        admin.requiresFactor(production),
        admin.sessionIdleFor(production),
        admin.sessionLifetime(production),
        admin.auditKeptFor(),
        admin.passwords(),
        recovered == null ? null : ComparedText.email(recovered));
  }

  private FactorCipher factorCipher() {
    return new FactorCipher(
        SecretFiles.signingSecret(config, services.ids()).value(),
        config.auth().previousSecretList());
  }

  private ConsoleVerticle console() {
    return new ConsoleVerticle(
        bus,
        database,
        audit,
        consoleSettings(),
        factorCipher(),
        scheduler,
        services.clock(),
        services.ids());
  }

  private PasskeyVerticle passkeys() {
    return new PasskeyVerticle(
        bus,
        database,
        audit,
        consoleSettings(),
        factorCipher(),
        scheduler,
        services.clock(),
        services.ids(),
        services::publicUrl);
  }

  private DeviceDigests deviceDigests() {
    DeviceDigests created = SecretFiles.deviceDigests(config, services.ids());
    var membership = cluster.membership();
    if (membership.hasEarlierNodes()) {
      created.setKeepsIds(true);
      services.vertx().setPeriodic(EARLIER_NODES_MS, timer -> checkEarlier(created, timer));
    }
    var migration = new DeviceMigration(database, created, membership::hasEarlierNodes);
    scheduler.schedule("device digests", DIGESTS_EVERY, _ -> migration.run());
    return created;
  }

  private void checkEarlier(DeviceDigests created, long timer) {
    VirtualThreads.call(() -> cluster.membership().hasEarlierNodes())
        .onSuccess(
            earlier -> {
              created.setKeepsIds(earlier);
              if (!earlier) {
                services.vertx().cancelTimer(timer);
              }
            });
  }

  private AuthDependencies auth(PasswordHasher passwords) {
    var throttle = new SignInThrottle(services.throttleCounters(), meters);
    var emailQueue = new EmailQueue(services.vertx(), services.email(), meters, services.clock());
    var settings =
        new AuthSettings(
            config.limits(),
            config.auth().deviceSignIn(),
            config.auth().sessionsMax(),
            config.auth().sessionFor(),
            config.mail().fromName(),
            () -> EmailFactory.linkBaseUrl(config, services.port().getAsInt()),
            config.admin().firstPlayerFor(config.production()),
            services.translations());
    return new AuthDependencies(
        services.tokens(),
        passwords,
        throttle,
        emailQueue,
        digests,
        settings,
        services.clock(),
        services.ids());
  }

  private ProviderHttpClient providerClient() {
    var http = new ProviderHttpClient(services.vertx(), config.providers().within(), meters);
    closing.add("providers", http);
    return http;
  }

  private AdminOidcVerticle adminOidc(AuthDependencies auth, ProviderHttpClient http) {
    var settings = ProviderFactory.ofAdmins(config, http, services.clock(), services::publicUrl);
    return new AdminOidcVerticle(bus, database, auth, settings, scheduler);
  }

  private ProviderVerticle providers(AuthDependencies auth, ProviderHttpClient http) {
    var providers = ProviderFactory.of(config, http, services.clock(), services::publicUrl);
    return new ProviderVerticle(bus, database, auth, providers, scheduler, meters);
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

  private LobbyDependencies lobbies(Allocator allocator) {
    return new LobbyDependencies(
        run,
        scheduler,
        config.limits(),
        services.dependencies().random(),
        services.ids(),
        allocator,
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

  private ScriptLimits scriptLimits() {
    var scripts = config.matches().scripts();
    return ScriptLimits.DEFAULTS.with(
        scripts.threads(),
        scripts.callFor(),
        scripts.callStatements(),
        scripts.callBytes(),
        scripts.viewsMax());
  }

  /** Null if this server keeps the profiles of games. */
  private @Nullable ControlPlane controlPlane() {
    var settings = config.matches().controlPlane();
    String url = settings.url();
    return url == null
        ? null
        : new ControlPlaneClient(
            services.vertx(),
            url,
            SecretFiles.roomTokenSecret(config, services.ids()).value(),
            settings.within());
  }

  private MatchVerticle matches(Games games, @Nullable ControlPlane controlPlane) {
    var matches = config.matches();
    return new MatchVerticle(
        bus,
        database,
        cluster.leases(),
        cluster.membership(),
        scheduler,
        services.clock(),
        services.ids(),
        meters,
        games,
        new MatchSettings(
            matches.idleFor(),
            matches.awakeFor(),
            matches.hostedMax(),
            matches.actionsPerSecond(),
            matches.hideInternalPayloads()),
        controlPlane,
        config.cluster().nodeName());
  }

  private MatchmakingSetup matchmaking(Allocator allocator) {
    return new MatchmakingSetup(
        run,
        scheduler,
        services.clock(),
        services.ids(),
        allocator,
        config.matchmaking().ticketFor());
  }
}
