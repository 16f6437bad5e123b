package dev.rookery.node;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.bus.ClusterKeys;
import dev.rookery.cache.SharedCounters;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.console.AccessKeys;
import dev.rookery.console.AdminLists;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.email.EmailSender;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ExtensionSettings;
import dev.rookery.extensionplatform.ExtensionPlatforms;
import dev.rookery.extensionplatform.Users;
import dev.rookery.protocol.page.Themes;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.translation.Translations;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What domains and wires are built from, as far as it needs no database.
 *
 * @param clock the time of the database, by which nodes agree
 * @param counters rate limits and throttles, shared by all nodes where a Redis is configured
 * @param extensions without any until {@link Domains} loads them
 * @param translations the texts of pages and emails
 * @param port that the node listens on; 0 until it does
 * @param adminLists without any until the sections of the console are made
 */
record NodeServices(
    NodeConfig config,
    NodeDependencies dependencies,
    InstantSource clock,
    String version,
    Vertx vertx,
    Bus bus,
    PrometheusMeterRegistry meters,
    Tokens tokens,
    Sessions sessions,
    ConsoleSessions consoleSessions,
    AccessKeys accessKeys,
    SharedCounters counters,
    EmailSender email,
    ExtensionHost extensions,
    Translations translations,
    Themes themes,
    IntSupplier port,
    AdminLists adminLists) {

  static NodeServices create(
      NodeConfig config,
      NodeDependencies dependencies,
      InstantSource clock,
      String version,
      Vertx vertx,
      ClusterKeys keys,
      PrometheusMeterRegistry meters,
      SharedCounters counters,
      EmailSender email,
      IntSupplier port) {
    var bus = new Bus(vertx, meters, vertx.isClustered() ? keys : null);
    var tokens = tokens(config, dependencies, clock, vertx);
    var sessions = new Sessions(vertx, bus, tokens, clock);
    var translations = new Translations(config.pages().defaultLocale(), meters);
    return new NodeServices(
        config,
        dependencies,
        clock,
        version,
        vertx,
        bus,
        meters,
        tokens,
        sessions,
        new ConsoleSessions(bus, clock),
        new AccessKeys(bus, clock, meters),
        counters,
        email,
        extensions(config, clock, vertx, bus, meters),
        translations,
        themes(config, translations, clock, vertx),
        port,
        new AdminLists());
  }

  private static Themes themes(
      NodeConfig config, Translations translations, InstantSource clock, Vertx vertx) {
    Themes themes = PageSettingsFactory.themes(config, translations, clock);
    themes.watch(vertx);
    return themes;
  }

  private static ExtensionHost extensions(
      NodeConfig config,
      InstantSource clock,
      Vertx vertx,
      Bus bus,
      PrometheusMeterRegistry meters) {
    var bounds = config.extensions();
    var settings =
        new ExtensionSettings(
            bounds.callTimeout(),
            bounds.gameCallTimeout(),
            bounds.startTimeout(),
            bounds.stopTimeout(),
            bounds.callsMax(),
            bounds.broadcastsPerSecond(),
            bounds.channelMessagesPerSecond(),
            bounds.connectionsMax(),
            bounds.jarBytesMax());
    return new ExtensionHost(
        vertx, meters, settings, new Users(bus), new ExtensionPlatforms(vertx, bus), clock);
  }

  private static Tokens tokens(
      NodeConfig config, NodeDependencies dependencies, InstantSource clock, Vertx vertx) {
    Ids ids = dependencies.ids();
    String signing = SecretFiles.signingSecret(config, ids).value();
    Secret gameSecret = config.auth().gameSecret();
    return new Tokens(
        vertx,
        signing,
        gameSecret == null ? Tokens.longLivedSecret(signing) : gameSecret.value(),
        config.auth().previousSecretList(),
        clock,
        ids);
  }

  Ids ids() {
    return dependencies.ids();
  }

  /** Null where rate limits are switched off. */
  @Nullable SharedCounters throttleCounters() {
    return config.rateLimit().enabled() ? counters : null;
  }

  /** The address under which players reach this node. */
  String publicUrl() {
    return config.http().publicUrl(port.getAsInt());
  }
}
