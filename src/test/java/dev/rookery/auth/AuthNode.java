package dev.rookery.auth;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.cache.LocalCounters;
import dev.rookery.email.EmailQueue;
import dev.rookery.email.EmailSender;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Provider;
import dev.rookery.provider.Discord;
import dev.rookery.provider.Google;
import dev.rookery.provider.ProviderHttpClient;
import dev.rookery.provider.Steam;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestPasswords;
import dev.rookery.testkit.TestStore;
import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The player and auth domains over one store, as a node deploys them. */
final class AuthNode implements AutoCloseable {
  static final Client CLIENT = new Client("127.0.0.1", "a browser");

  private static final String SECRET =
      "a secret of at least sixty-four bytes, as the algorithm has it.....";

  private final TestBus bus = new TestBus();
  private final PasswordHasher passwordHasher;
  private final Tokens tokens;
  private final Sessions sessions;
  private final AuthDependencies dependencies;
  private final TestStore store;
  private final ClusterScheduler scheduler;

  AuthNode(TestStore store, int seed, int sessionsMax, Duration lifetime) {
    this(store, seed, sessionsMax, lifetime, vertx -> new PreviewEmailSender(false));
  }

  /** A node that sends email through the given sender. */
  AuthNode(TestStore store, Function<Vertx, EmailSender> emailSender) {
    this(store, 7, 100, Duration.ofDays(365), emailSender);
  }

  private AuthNode(
      TestStore store,
      int seed,
      int sessionsMax,
      Duration lifetime,
      Function<Vertx, EmailSender> emailSender) {
    var ids = new SeededIds(seed);
    var database = store.database();
    var clock = store.clock();
    var meters = new SimpleMeterRegistry();
    passwordHasher = new PasswordHasher(ids, 2, TestPasswords.COST);
    tokens = new Tokens(bus.vertx(), SECRET, clock, ids);
    sessions = new Sessions(bus.vertx(), bus.bus(), tokens, clock);
    this.store = store;
    dependencies =
        new AuthDependencies(
            tokens,
            passwordHasher,
            new SignInThrottle(new LocalCounters(clock), meters),
            new EmailQueue(
                bus.vertx(), emailSender.apply(bus.vertx()), meters, InstantSource.system()),
            TestStore.DIGESTS,
            new AuthSettings(
                Limits.DEFAULTS,
                true,
                sessionsMax,
                lifetime,
                "Rookery",
                () -> "",
                true,
                new Translations("en", new SimpleMeterRegistry())),
            clock,
            ids);
    bus.deploy(new PlayerVerticle(bus.bus(), database, clock, Limits.DEFAULTS, TestStore.DIGESTS));
    bus.deploy(new AuthVerticle(bus.bus(), database, dependencies));
    scheduler = TestClusterMember.join(store, "node-" + seed).scheduler();
    bus.deploy(new EmailVerticle(bus.bus(), database, dependencies, scheduler));
    bus.deploy(new SessionVerticle(bus.bus(), database, sessions, clock, ids, scheduler, true));
  }

  /** Deploys provider sign-in against the stand-in providers. */
  AuthNode withProviders(ProviderServer providers) {
    var vertx = bus.vertx();
    var http = new ProviderHttpClient(vertx, Duration.ofSeconds(5), new SimpleMeterRegistry());
    var discord = new Discord(http, providers.url(), ProviderServer.CLIENT, ProviderServer.SECRET);
    var steam = new Steam(http, providers.url(), "steam-key", "480");
    bus.deploy(
        new ProviderVerticle(
            bus.bus(),
            store.database(),
            dependencies,
            new IdentityProviders(
                Map.of(Provider.DISCORD, discord.flow(), Provider.STEAM, steam),
                Set.of(Provider.STEAM, Provider.DISCORD),
                steam,
                new Google(http, providers.url(), store.clock()),
                List.of(),
                discord,
                () -> "https://play.example"),
            scheduler,
            new SimpleMeterRegistry()));
    return this;
  }

  TestBus bus() {
    return bus;
  }

  <R> R ask(Command<R> command) {
    return bus.ask(command);
  }

  Refusal refusal(Command<?> command) {
    return bus.refusal(command);
  }

  TokenPair signInByDevice(String device) {
    return ask(new AuthCommand.SignInByDevice(device, CLIENT));
  }

  TokenPair register(String email, String password) {
    return ask(new AuthCommand.Register(email, password, null, null, null, CLIENT)).tokens();
  }

  TokenPair refresh(TokenPair tokenPair) {
    return ask(new AuthCommand.Refresh(tokenPair.refreshToken(), CLIENT));
  }

  /** Checks the access token and returns its player. */
  PlayerId authenticated(TokenPair tokenPair) {
    return TestBus.await(sessions.authenticate(tokenPair.accessToken())).player();
  }

  /** Returns why the access token is refused. */
  Refusal authenticationRefusal(TokenPair tokenPair) {
    return TestBus.refusal(sessions.authenticate(tokenPair.accessToken()));
  }

  SessionId sessionId(TokenPair tokenPair) {
    return tokens.readAccess(tokenPair.accessToken()).session();
  }

  Sessions sessions() {
    return sessions;
  }

  /** Ends it as a node that leaves: others get its periodic jobs. */
  @Override
  public void close() {
    scheduler.close();
    bus.close();
    passwordHasher.close();
  }
}
