package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.Locks;
import dev.rookery.extension.Platform;
import dev.rookery.game.GameCallMeters;
import dev.rookery.game.GameCalls;
import dev.rookery.store.TimedWait;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loaded version of an extension, with everything that belongs to it: class loader, threads,
 * Vert.x context, metrics. Starting and stopping block the calling thread.
 */
final class ExtensionInstance {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionInstance.class);
  private static final Duration VERTX_TIMEOUT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final ExtensionJar jar;
  private final JsonObject config;
  private final ExtensionSettings settings;
  private final Platform platform;
  private final ExtensionClassLoader classes;
  private final ExtensionJson json;
  private final ExtensionMeters meters;
  private final FunctionTable functions = new FunctionTable();
  private final HookTable hooks = new HookTable();
  private final ChannelTable channels;
  private final RoomTable rooms;
  private final GameTable games;
  private final HttpRouteTable http = new HttpRouteTable();
  private final InstanceTables tables;
  private final AfterTable afterHooks = new AfterTable();
  private final ScheduleTable schedules = new ScheduleTable();
  private final Locks locks;
  private final ExtensionCalls calls;
  private final Invocations invocations;
  private final ForkJoinPool threads;
  private final ExecutorService executor;
  private final Logger logger;
  private Duration startTime = Duration.ZERO;
  private @Nullable String deployment;
  private volatile @Nullable ContextInternal context;
  private @Nullable Extension extension;

  ExtensionInstance(
      Vertx vertx,
      ExtensionJar jar,
      JsonObject config,
      ExtensionSettings settings,
      UserLookup users,
      Platform platform,
      ExtensionRooms ownedRooms,
      Supplier<ExtensionBackend> backend,
      ExtensionLocks locks,
      GameCallMeters gameMeters,
      MeterRegistry serverMeters) {
    this.vertx = vertx;
    this.jar = jar;
    this.config = config;
    this.settings = settings;
    this.platform = platform;
    this.tables = new InstanceTables(vertx, jar, settings.connectionsMax(), backend);
    this.locks = new InstanceLocks(locks, tables::pool, tables::connections, tables);
    this.classes = new ExtensionClassLoader(jar);
    this.json = new ExtensionJson(classes);
    this.meters = new ExtensionMeters(jar.name(), serverMeters);
    var limit = new BroadcastLimit(settings.broadcastsPerSecond());
    this.channels = new ChannelTable(jar.name(), json, limit, backend);
    this.rooms = new RoomTable(jar.name(), json, limit, ownedRooms, backend);
    this.games =
        new GameTable(
            jar,
            new GameCalls(
                jar.name() + " " + jar.version(),
                settings.gameCallTimeout(),
                settings.callsMax(),
                ExtensionThreads.factory(jar.name(), "game", classes),
                gameMeters));
    this.threads = ExtensionThreads.create(jar.name(), classes, settings.callsMax());
    var tasks = Thread.ofVirtual().name("extension-" + jar.name() + "-task-", 1).factory();
    this.executor =
        Executors.newThreadPerTaskExecutor(task -> tasks.newThread(CallDepth.keeping(task)));
    this.logger = LoggerFactory.getLogger("extension." + jar.name());
    this.calls =
        new ExtensionCalls(
            vertx,
            new CallThreads(
                threads,
                settings.callsMax(),
                ((VertxInternal) vertx).nettyEventLoopGroup().next(),
                logger),
            ExtensionThreads.createUnbounded(jar.name(), classes),
            settings,
            logger);
    this.invocations = new Invocations(this, calls, json, users, backend);
  }

  ExtensionJar jar() {
    return jar;
  }

  ClassLoader classLoader() {
    return classes;
  }

  FunctionTable functions() {
    return functions;
  }

  HookTable hooks() {
    return hooks;
  }

  ChannelTable channels() {
    return channels;
  }

  HttpRouteTable http() {
    return http;
  }

  GameTable games() {
    return games;
  }

  RoomTable rooms() {
    return rooms;
  }

  Logger logger() {
    return logger;
  }

  AfterTable afterHooks() {
    return afterHooks;
  }

  ScheduleTable schedules() {
    return schedules;
  }

  ExtensionMeters meters() {
    return meters;
  }

  Duration startTime() {
    return startTime;
  }

  ExtensionCalls calls() {
    return calls;
  }

  /** Runs the code of this version. */
  Invocations invocations() {
    return invocations;
  }

  /**
   * Starts this version. After a failure nothing of it is left, except a thread that does not react
   * to its interruption.
   *
   * @throws ExtensionException if it has no entry point, fails or takes too long
   */
  void start() throws ExtensionException {
    long started = System.nanoTime();
    try {
      deploy();
      tables.migrate();
      run(
          settings.startTimeout(),
          () -> {
            Extension found = findEntryPoint();
            found.start(createContext());
            extension = found;
            return found;
          });
    } catch (ExecutionException failure) {
      release();
      if (failure.getCause() instanceof ExtensionException refused) {
        throw refused;
      }
      throw new ExtensionException("the start failed: " + failure.getCause(), failure.getCause());
    } catch (TimeoutException _) {
      release();
      throw new ExtensionException(
          "the start took longer than " + settings.startTimeout().toMillis() + " ms");
    } catch (InterruptedException interrupted) {
      release();
      Thread.currentThread().interrupt();
      throw new ExtensionException("the server is being closed", interrupted);
    }
    startTime = Duration.ofNanos(System.nanoTime() - started);
  }

  private ExtensionContext createContext() {
    return new InstanceContext(
        jar.name(),
        jar.version(),
        config,
        logger,
        meters.registry(),
        GuardedVertx.of(vertx, jar.name(), classes, () -> context),
        executor,
        json.mapper(),
        hooks,
        afterHooks,
        platform,
        schedules,
        locks,
        functions,
        channels,
        rooms,
        games,
        http,
        tables::pool);
  }

  private void deploy() throws TimeoutException {
    var created =
        new VerticleBase() {
          @Nullable ContextInternal own;

          @Override
          public Future<?> start() throws Exception {
            own = (ContextInternal) super.context;
            return super.start();
          }
        };
    var options =
        new DeploymentOptions()
            .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
            .setClassLoader(classes);
    // On a thread without a context, so that it is no child of the verticle that asks for it.
    deployment =
        TimedWait.await(
            CompletableFuture.supplyAsync(() -> vertx.deployVerticle(created, options), threads)
                .join(),
            VERTX_TIMEOUT);
    context = created.own;
  }

  private Extension findEntryPoint() throws ExtensionException {
    try {
      Iterator<Extension> found = ServiceLoader.load(Extension.class, classes).iterator();
      if (!found.hasNext()) {
        throw ExtensionException.withoutEntryPoint();
      }
      Extension first = found.next();
      if (found.hasNext()) {
        throw new ExtensionException("the jar names more than one Extension");
      }
      return first;
    } catch (ServiceConfigurationError wrong) {
      throw new ExtensionException("the entry point cannot be created: " + wrong, wrong);
    }
  }

  /** Runs work on a thread of this version, in its context, and interrupts it after the time. */
  private <T> void run(Duration timeout, Callable<T> work)
      throws ExecutionException, TimeoutException, InterruptedException {
    var done = new CompletableFuture<T>();
    var runner = new CompletableFuture<Thread>();
    threads.execute(
        () -> {
          runner.complete(Thread.currentThread());
          try {
            done.complete(inContext(work));
          } catch (Throwable failure) {
            FatalErrors.endIfFatal(failure);
            done.completeExceptionally(failure);
          }
        });
    try {
      done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      Thread thread = runner.getNow(null);
      if (thread != null) {
        thread.interrupt();
      }
      throw late;
    }
  }

  /** Runs work in the context of this version, so that what it creates ends with the version. */
  <T extends @Nullable Object> T inContext(Callable<T> work) throws Exception {
    ContextInternal own = context;
    if (own == null) {
      throw new IllegalStateException("not deployed");
    }
    ContextInternal before = own.beginDispatch();
    try {
      return work.call();
    } finally {
      own.endDispatch(before);
    }
  }

  /** Lets the calls that have begun finish, for as long as a call may take, and stops. */
  void stop() {
    try {
      calls.close().get(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      LOG.warn("extension {} {} is stopped during calls", jar.name(), jar.version());
      calls.timeOutAll();
    }
    Extension running = extension;
    if (running != null) {
      try {
        run(
            settings.stopTimeout(),
            () -> {
              running.stop();
              return running;
            });
      } catch (ExecutionException failure) {
        FatalErrors.endIfFatal(failure);
        logger.error("stop failed", failure.getCause());
      } catch (TimeoutException _) {
        logger.error("stop took longer than {} ms", settings.stopTimeout().toMillis());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    release();
  }

  /** Ends all that belongs to this version; works after a failed start, too. */
  private void release() {
    calls.close();
    meters.hide();
    String deployed = deployment;
    if (deployed != null) {
      deployment = null;
      try {
        TimedWait.await(vertx.undeploy(deployed), VERTX_TIMEOUT);
      } catch (TimeoutException | RuntimeException failure) {
        LOG.warn("the context of extension {} was not closed: {}", jar.name(), failure.toString());
      }
    }
    tables.close();
    executor.shutdownNow();
    threads.shutdownNow();
    extension = null;
    context = null;
  }
}
