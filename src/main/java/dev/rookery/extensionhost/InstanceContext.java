package dev.rookery.extensionhost;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rookery.extension.AfterHooks;
import dev.rookery.extension.BeforeHooks;
import dev.rookery.extension.Channels;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.HttpRoutes;
import dev.rookery.extension.Locks;
import dev.rookery.extension.Platform;
import dev.rookery.extension.Rooms;
import dev.rookery.extension.RpcFunctions;
import dev.rookery.extension.Schedules;
import dev.rookery.extension.game.TurnGames;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * What one version of an extension gets of the server.
 *
 * @param vertx guarded, with the context of the version
 * @param tables opens the pool when it is first asked for
 */
record InstanceContext(
    String name,
    String version,
    JsonObject config,
    Logger logger,
    MeterRegistry meters,
    Vertx vertx,
    ExecutorService executor,
    ObjectMapper json,
    BeforeHooks beforeHooks,
    AfterHooks afterHooks,
    Platform platform,
    Schedules schedules,
    Locks locks,
    RpcFunctions functions,
    Channels channels,
    Rooms rooms,
    TurnGames games,
    HttpRoutes http,
    Supplier<Pool> tables)
    implements ExtensionContext {
  @Override
  public JsonObject config() {
    return config.copy();
  }

  @Override
  public Future<String> deploy(Supplier<? extends Deployable> verticle, DeploymentOptions options) {
    return vertx.deployVerticle(verticle, options);
  }

  @Override
  public Pool database() {
    return tables.get();
  }
}
