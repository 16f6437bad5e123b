package dev.rookery.extension;

import com.fasterxml.jackson.databind.ObjectMapper;
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

/** What the server gives to one version of an extension. Thread-safe. */
public interface ExtensionContext {
  /** The name by which clients call the extension. */
  String name();

  /** The version, from {@code Implementation-Version} in the manifest of the jar. */
  String version();

  /**
   * The configuration: the content of {@code <name>.yaml} in the folder of extensions of this node,
   * empty if there is none. A copy; the extension is loaded anew when the file changes.
   */
  JsonObject config();

  /** A logger named {@code extension.<name>}. */
  Logger logger();

  /**
   * Metrics of the extension, which the server shows with {@code extension.<name>.} before their
   * names. They are visible once this version takes calls, and removed when it is stopped. At most
   * 1,000 are kept.
   */
  MeterRegistry meters();

  /**
   * The Vert.x of the server, in a context that belongs to this version: handlers run on virtual
   * threads one at a time, so they may wait with {@code await}. What was created with it ends with
   * this version. Its {@code close} throws {@link UnsupportedOperationException}, because it would
   * end the server.
   */
  Vertx vertx();

  /**
   * Runs each task on a virtual thread of its own. Tasks are interrupted when this version is
   * stopped. They share their processors with the server, so they may wait and must not compute for
   * long.
   */
  ExecutorService executor();

  /**
   * Maps JSON to records and back. It ends with this version; the mapper that {@link
   * JsonObject#mapTo} uses does not, and would keep the classes of the jar in memory.
   */
  ObjectMapper json();

  /** Hooks that decide about changes before the server makes them. */
  BeforeHooks beforeHooks();

  /** What the extension can ask of the server: players, leaderboards, key-value entries … */
  Platform platform();

  /** Hooks that follow changes that the server has made. */
  AfterHooks afterHooks();

  /** Jobs that run at certain times. */
  Schedules schedules();

  /** Locks that all nodes share. */
  Locks locks();

  /** The functions that clients may call. */
  RpcFunctions functions();

  /** Channels with topics of its own. */
  Channels channels();

  /** State in memory that one node owns at a time. */
  Rooms rooms();

  /** Turn-based games that players open rooms of. */
  TurnGames games();

  /** HTTP routes and pages of its own. */
  HttpRoutes http();

  /**
   * Deploys a verticle, which is undeployed with this version. {@link #vertx} does the same;
   * handlers of a verticle run on virtual threads, or on workers if the options say so.
   *
   * @return completes with the id of the deployment
   */
  Future<String> deploy(Supplier<? extends Deployable> verticle, DeploymentOptions options);

  /**
   * The database with tables of its own, in which the scripts {@code migrations/V1__name.sql} of
   * the jar have run: on PostgreSQL the schema {@code x_<name>}, on SQLite a file of its own. At
   * most {@code extensions.connectionsMax} connections. It is closed with this version.
   */
  Pool database();
}
