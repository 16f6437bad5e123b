package dev.rookery.extensionhost;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.extension.AfterHook;
import dev.rookery.extension.AfterHooks;
import dev.rookery.extension.BeforeHook;
import dev.rookery.extension.BeforeHooks;
import dev.rookery.extension.ChannelHandler;
import dev.rookery.extension.ChannelJoin;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.ChannelMessage;
import dev.rookery.extension.Channels;
import dev.rookery.extension.Committed;
import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.HookRejectedException;
import dev.rookery.extension.HttpCall;
import dev.rookery.extension.HttpException;
import dev.rookery.extension.HttpHandler;
import dev.rookery.extension.HttpReply;
import dev.rookery.extension.HttpRoutes;
import dev.rookery.extension.Locks;
import dev.rookery.extension.Platform;
import dev.rookery.extension.Rooms;
import dev.rookery.extension.RpcException;
import dev.rookery.extension.RpcFunction;
import dev.rookery.extension.RpcFunctions;
import dev.rookery.extension.ScheduledRun;
import dev.rookery.extension.Schedules;
import dev.rookery.store.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
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
  private static final int REASON_MAX = 500;
  private static final int REPLY_BYTES_MAX = 4 << 20;
  private static final String MIGRATIONS = "migrations/";
  private static final Duration VERTX_TIMEOUT = Duration.ofSeconds(10);

  private static final Future<CallOutcome> NOT_SERVED =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.NOT_IMPLEMENTED));

  private final Vertx vertx;
  private final ExtensionJar jar;
  private final JsonObject config;
  private final ExtensionSettings settings;
  private final UserLookup users;
  private final Platform platform;
  private final ExtensionClassLoader classes;
  private final ExtensionJson json;
  private final ExtensionMeters meters;
  private final FunctionTable functions = new FunctionTable();
  private final HookTable hooks = new HookTable();
  private final ChannelTable channels;
  private final RoomTable rooms;
  private final HttpRouteTable http = new HttpRouteTable();
  private final Supplier<ExtensionBackend> backend;
  private final AfterTable afterHooks = new AfterTable();
  private final ScheduleTable schedules = new ScheduleTable();
  private final Locks locks;
  private final ExtensionCalls calls;
  private final ForkJoinPool threads;
  private final ExecutorService executor;
  private final Logger logger;
  private Duration startTime = Duration.ZERO;
  private @Nullable String deployment;
  private volatile @Nullable ContextInternal context;
  private @Nullable Pool pool;
  private @Nullable Extension extension;
  private boolean released;

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
      MeterRegistry serverMeters) {
    this.vertx = vertx;
    this.jar = jar;
    this.config = config;
    this.settings = settings;
    this.users = users;
    this.platform = platform;
    this.locks =
        new InstanceLocks(
            locks,
            this::openPool,
            (transaction, lease) ->
                backend
                    .get()
                    .tables()
                    .holdLease(transaction, lease.name(), lease.run(), lease.epoch()));
    this.classes = new ExtensionClassLoader(jar);
    this.json = new ExtensionJson(classes);
    this.meters = new ExtensionMeters(jar.name(), serverMeters);
    this.backend = backend;
    var limit = new BroadcastLimit(settings.broadcastsPerSecond());
    this.channels = new ChannelTable(jar.name(), json, limit, backend);
    this.rooms = new RoomTable(jar.name(), json, limit, ownedRooms, backend);
    this.threads = ExtensionThreads.create(jar.name(), classes, settings.callsMax());
    var tasks = Thread.ofVirtual().name("extension-" + jar.name() + "-task-", 1).factory();
    this.executor =
        Executors.newThreadPerTaskExecutor(task -> tasks.newThread(CallDepth.keeping(task)));
    this.logger = LoggerFactory.getLogger("extension." + jar.name());
    this.calls =
        new ExtensionCalls(
            vertx,
            threads,
            ExtensionThreads.createUnbounded(jar.name(), classes),
            settings,
            logger);
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
      migrate();
      run(
          settings.startTimeout(),
          () -> {
            Extension found = findEntryPoint();
            found.start(new Context());
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

  private void migrate() throws ExtensionException {
    var scripts = new TreeMap<String, String>();
    jar.entries()
        .forEach(
            (path, content) -> {
              if (path.startsWith(MIGRATIONS) && path.endsWith(".sql")) {
                scripts.put(path, new String(content, StandardCharsets.UTF_8));
              }
            });
    if (scripts.isEmpty()) {
      return;
    }
    try {
      backend.get().tables().migrate(jar.name(), scripts);
    } catch (RuntimeException failure) {
      throw new ExtensionException("a migration failed: " + failure.getMessage(), failure);
    }
  }

  private synchronized Pool openPool() {
    if (released) {
      throw new IllegalStateException("this version has ended");
    }
    if (pool == null) {
      pool = backend.get().tables().open(vertx, jar.name(), settings.connectionsMax());
    }
    return pool;
  }

  private void closePool() {
    Pool open;
    synchronized (this) {
      released = true;
      open = pool;
      pool = null;
    }
    if (open != null) {
      open.close();
    }
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
        CompletableFuture.supplyAsync(() -> vertx.deployVerticle(created, options), threads)
            .join()
            .await(VERTX_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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

  /**
   * Calls a function.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> call(String function, List<?> arguments, PlayerId player) {
    RpcFunction target = functions.find(function, arguments.size());
    if (target == null) {
      return Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.NOT_IMPLEMENTED));
    }
    var call = new FunctionCall(function, arguments, json.mapper(), player, users);
    return calls.run(CallDepth.current() + 1, () -> outcome(call, target));
  }

  /**
   * Runs the hooks before a change. The outcome has the change as they leave it.
   *
   * @param depth see {@link CallDepth}
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> before(HookPoint point, Object change, int depth) {
    return calls.run(depth, () -> outcome(point, change));
  }

  /**
   * Asks whether a client may join a topic. The outcome has a {@link ChannelAdmission}.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> join(ChannelMember member, JsonObject payload) {
    ChannelHandler handler = channels.find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    if (member.caller() == null && !handler.admitsAnonymous()) {
      return Future.succeededFuture(new CallOutcome.Rejected("unauthorized"));
    }
    String stream = new ExtensionTopic(jar.name(), member.topic()).full();
    return calls.run(
        1,
        () -> {
          // Before the extension reads its state, so that no event is missed in between.
          Position position;
          try {
            position = Outbox.head(backend.get().database(), stream);
          } catch (Refused unavailable) {
            return new CallOutcome.Rejected(unavailable.refusal().code());
          }
          CallOutcome outcome =
              outcome("join of " + stream, () -> handler.join(new ChannelJoin(member, payload)));
          return outcome instanceof CallOutcome.Returned(var value)
              ? new CallOutcome.Returned(new ChannelAdmission(position, response(value)))
              : outcome;
        });
  }

  /**
   * Handles a message of a client that has joined. The outcome has the response, an object.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> message(ChannelMember member, String event, JsonObject payload) {
    ChannelHandler handler = channels.find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    return calls.run(
        1,
        () -> {
          CallOutcome outcome =
              outcome(
                  "message on " + member.topic(),
                  () -> handler.message(new ChannelMessage(member, event, payload)));
          return outcome instanceof CallOutcome.Returned(var value)
              ? new CallOutcome.Returned(response(value))
              : outcome;
        });
  }

  /**
   * Tells that a client has left a topic.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> leave(ChannelMember member) {
    ChannelHandler handler = channels.find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    return calls.run(
        1,
        () ->
            outcome(
                "leave of " + member.topic(),
                () -> {
                  handler.leave(member);
                  return null;
                }));
  }

  /**
   * Answers a request. The outcome has the {@link HttpReply}; {@code NOT_IMPLEMENTED} without a
   * route.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> http(HttpCall request) {
    HttpRouteTable.Match match = http.find(request.method(), request.path());
    if (match == null) {
      return NOT_SERVED;
    }
    var call =
        new HttpCall(
            request.method(),
            request.path(),
            match.parameters(),
            request.query(),
            request.headers(),
            request.body(),
            request.caller(),
            request.clientAddress());
    return calls.run(1, () -> reply(match.handler(), call));
  }

  private CallOutcome reply(HttpHandler handler, HttpCall call) {
    try {
      HttpReply reply =
          inContext(() -> Objects.requireNonNull(handler.handle(call), "a handler returned null"));
      return reply.body().length() > REPLY_BYTES_MAX
          ? new CallOutcome.Failed(CallOutcome.Failure.UNENCODABLE)
          : new CallOutcome.Returned(reply);
    } catch (HttpException refused) {
      return new CallOutcome.Returned(
          HttpReply.json(JsonObject.of("error", shortened(refused.code())))
              .withStatus(refused.status()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      logger.error("a {} request failed", call.method(), failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  @SuppressWarnings("unchecked")
  private static JsonObject response(@Nullable Object value) {
    return switch (value) {
      case null -> new JsonObject();
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
      default -> JsonObject.of("data", value);
    };
  }

  private CallOutcome outcome(HookPoint point, Object change) {
    try {
      Object left =
          inContext(
              () -> {
                Object current = change;
                for (BeforeHook<Object> hook : hooks.at(point)) {
                  current = Objects.requireNonNull(hook.before(current), "a hook returned null");
                }
                return current;
              });
      return new CallOutcome.Returned(left);
    } catch (HookRejectedException refused) {
      return new CallOutcome.Rejected(shortened(refused.reason()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      logger.error("the hook before {} failed", point, failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  /**
   * Runs the hooks after a change.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> after(AfterPoint point, Committed<Object> event) {
    return calls.run(
        CallDepth.current() + 1,
        () ->
            outcome(
                "the hook after " + point,
                () -> {
                  for (AfterHook<Object> hook : afterHooks.at(point)) {
                    hook.after(event);
                  }
                  return null;
                }));
  }

  /**
   * Runs a job.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> run(ScheduledRun run) {
    ScheduleTable.Job job = schedules.find(run.jobName());
    if (job == null) {
      return Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.NOT_IMPLEMENTED));
    }
    return calls.run(
        CallDepth.current() + 1,
        () ->
            outcome(
                "the job " + job.name(),
                () -> {
                  job.work().run(run);
                  return null;
                }));
  }

  private CallOutcome outcome(FunctionCall call, RpcFunction target) {
    return outcome(
        call.function(),
        () -> {
          call.checkTypes(target);
          return target.handler().call(call);
        });
  }

  /** Runs code of the extension; its result is a plain JSON value. */
  private CallOutcome outcome(String what, Callable<@Nullable Object> work) {
    try {
      return inContext(() -> json.plain(work.call()))
          .<CallOutcome>map(result -> new CallOutcome.Returned(result.value()))
          .orElseGet(
              () -> {
                logger.warn("the result of {} is no JSON value, or too large", what);
                return new CallOutcome.Failed(CallOutcome.Failure.UNENCODABLE);
              });
    } catch (RpcException refused) {
      return new CallOutcome.Rejected(shortened(refused.reason()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      // The message of the exception may quote what the player sent, so only its type is certain
      // to be harmless; the stack trace is for the author of the extension.
      logger.error("{} failed", what, failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  private static String shortened(@Nullable String reason) {
    String text = String.valueOf(reason);
    return text.length() <= REASON_MAX ? text : text.substring(0, REASON_MAX);
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
        vertx.undeploy(deployed).await(VERTX_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | RuntimeException failure) {
        LOG.warn("the context of extension {} was not closed: {}", jar.name(), failure.toString());
      }
    }
    closePool();
    executor.shutdownNow();
    threads.shutdownNow();
    extension = null;
    context = null;
  }

  /** What the extension gets. */
  private final class Context implements ExtensionContext {
    private final Vertx guarded = GuardedVertx.of(vertx, jar.name(), classes, () -> context);

    @Override
    public String name() {
      return jar.name();
    }

    @Override
    public String version() {
      return jar.version();
    }

    @Override
    public JsonObject config() {
      return config.copy();
    }

    @Override
    public Logger logger() {
      return logger;
    }

    @Override
    public MeterRegistry meters() {
      return meters.registry();
    }

    @Override
    public Vertx vertx() {
      return guarded;
    }

    @Override
    public ExecutorService executor() {
      return executor;
    }

    @Override
    public ObjectMapper json() {
      return json.mapper();
    }

    @Override
    public BeforeHooks beforeHooks() {
      return hooks;
    }

    @Override
    public Platform platform() {
      return platform;
    }

    @Override
    public AfterHooks afterHooks() {
      return afterHooks;
    }

    @Override
    public Schedules schedules() {
      return schedules;
    }

    @Override
    public Locks locks() {
      return locks;
    }

    @Override
    public RpcFunctions functions() {
      return functions;
    }

    @Override
    public Channels channels() {
      return channels;
    }

    @Override
    public Rooms rooms() {
      return rooms;
    }

    @Override
    public HttpRoutes http() {
      return http;
    }

    @Override
    public Future<String> deploy(
        Supplier<? extends Deployable> verticle, DeploymentOptions options) {
      return guarded.deployVerticle(verticle, options);
    }

    @Override
    public Pool database() {
      return openPool();
    }
  }
}
