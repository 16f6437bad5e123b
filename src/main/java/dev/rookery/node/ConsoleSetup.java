package dev.rookery.node;

import dev.rookery.base.ComparedText;
import dev.rookery.bus.Bus;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.AuditLog;
import dev.rookery.console.BulkVerticle;
import dev.rookery.console.ConsoleSettings;
import dev.rookery.console.ConsoleVerticle;
import dev.rookery.console.FactorCipher;
import dev.rookery.console.KeyVerticle;
import dev.rookery.console.NoteVerticle;
import dev.rookery.console.PasskeyVerticle;
import dev.rookery.console.ViewVerticle;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import dev.rookery.translation.TranslationVerticle;
import io.vertx.core.Deployable;
import java.util.List;

/** Sets up what admins sign in to and keep: sessions, roles, passkeys, keys, views, notes, jobs. */
final class ConsoleSetup {
  private final NodeServices services;
  private final NodeConfig config;
  private final Bus bus;
  private final Database database;
  private final AuditLog audit;
  private final ClusterServices cluster;
  private final ClusterScheduler scheduler;

  ConsoleSetup(NodeServices services, Database database, AuditLog audit, ClusterServices cluster) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
    this.database = database;
    this.audit = audit;
    this.cluster = cluster;
    this.scheduler = cluster.scheduler();
  }

  /** Creates the verticles, in the order of their deployment. */
  List<Deployable> verticles() {
    ConsoleSettings settings = settings();
    FactorCipher cipher = factorCipher();
    return List.of(
        new ConsoleVerticle(
            bus, database, audit, settings, cipher, scheduler, services.clock(), services.ids()),
        new ViewVerticle(bus, database),
        new NoteVerticle(bus, database),
        new PasskeyVerticle(
            bus,
            database,
            audit,
            settings,
            cipher,
            scheduler,
            services.clock(),
            services.ids(),
            services::publicUrl),
        new BulkVerticle(
            bus, database, scheduler, services.adminLists().actions(), services.clock()),
        new KeyVerticle(
            bus, database, services.accessKeys(), scheduler, services.clock(), services.ids()),
        new TranslationVerticle(
            bus, cluster.calls(), database, services.translations(), services.meters()));
  }

  private ConsoleSettings settings() {
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
}
