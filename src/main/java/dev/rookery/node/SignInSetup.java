package dev.rookery.node;

import dev.rookery.auth.AdminOidcVerticle;
import dev.rookery.auth.AuthDependencies;
import dev.rookery.auth.AuthSettings;
import dev.rookery.auth.AuthVerticle;
import dev.rookery.auth.EmailVerticle;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.auth.ProviderVerticle;
import dev.rookery.auth.SessionVerticle;
import dev.rookery.auth.SignInThrottle;
import dev.rookery.bus.Bus;
import dev.rookery.config.NodeConfig;
import dev.rookery.email.EmailQueue;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.DeviceDigests;
import dev.rookery.player.DeviceMigration;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.provider.ProviderHttpClient;
import dev.rookery.store.Database;
import io.vertx.core.Deployable;
import java.time.Duration;
import java.util.List;

/**
 * Sets up players, their sessions, and the sign-in methods: password, email, device, identity
 * provider.
 */
final class SignInSetup {
  private static final long EARLIER_NODES_MS = 5_000;
  private static final Duration DIGESTS_EVERY = Duration.ofSeconds(10);

  private final NodeServices services;
  private final NodeConfig config;
  private final Bus bus;
  private final Database database;
  private final ClusterServices cluster;
  private final ClusterScheduler scheduler;
  private final CloseStack closing;
  private final DeviceDigests digests;

  /** Replaces stored ids of devices by their digests from now on. */
  SignInSetup(
      NodeServices services, Database database, ClusterServices cluster, CloseStack closing) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
    this.database = database;
    this.cluster = cluster;
    this.scheduler = cluster.scheduler();
    this.closing = closing;
    this.digests = deviceDigests();
  }

  /** Creates the verticles, in the order of their deployment. */
  List<Deployable> verticles(PasswordHasher passwords) {
    AuthDependencies auth = auth(passwords);
    ProviderHttpClient http = providerClient();
    return List.of(
        new PlayerVerticle(bus, database, services.clock(), config.limits(), digests),
        new SessionVerticle(
            bus,
            database,
            services.sessions(),
            services.clock(),
            services.ids(),
            scheduler,
            config.admin().passwords()),
        new AuthVerticle(bus, database, auth),
        new EmailVerticle(bus, database, auth, scheduler),
        providers(auth, http),
        adminOidc(auth, http));
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
    var throttle = new SignInThrottle(services.throttleCounters(), services.meters());
    var emailQueue =
        new EmailQueue(services.vertx(), services.email(), services.meters(), services.clock());
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
    var http =
        new ProviderHttpClient(services.vertx(), config.providers().within(), services.meters());
    closing.add("providers", http);
    return http;
  }

  private ProviderVerticle providers(AuthDependencies auth, ProviderHttpClient http) {
    var providers = ProviderFactory.of(config, http, services.clock(), services::publicUrl);
    return new ProviderVerticle(bus, database, auth, providers, scheduler, services.meters());
  }

  private AdminOidcVerticle adminOidc(AuthDependencies auth, ProviderHttpClient http) {
    var settings = ProviderFactory.ofAdmins(config, http, services.clock(), services::publicUrl);
    return new AdminOidcVerticle(bus, database, auth, settings, scheduler);
  }
}
