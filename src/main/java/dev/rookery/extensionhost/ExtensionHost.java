package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.extension.Caller;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.Committed;
import dev.rookery.extension.HttpCall;
import dev.rookery.extension.ScheduledRun;
import dev.rookery.extension.User;
import dev.rookery.game.Game;
import dev.rookery.game.GameCallMeters;
import dev.rookery.game.OfferedGame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extensions of this node. Calls find the version that serves them by one volatile read; a new
 * version is started beside the old one and takes over with one write.
 *
 * <p>{@link #call} never blocks. All other methods that change something block, and run one at a
 * time.
 */
public final class ExtensionHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionHost.class);
  private static final long CHECK_MS = 100;

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final ExtensionSettings settings;
  private final UserLookup users;
  private final PlatformFactory platforms;
  private final InstantSource clock;
  private final CallMeters callMeters;
  private final GameCallMeters gameMeters;
  private final ExtensionRooms rooms;
  private final long timer;
  private final Set<ExtensionInstance> instances = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopping = ConcurrentHashMap.newKeySet();
  private final ActiveVersions active;
  private final GameListing games;
  private volatile Consumer<Boolean> hookListener = _ -> {};
  private volatile Runnable afterHookListener = () -> {};
  private final ExtensionLocks locks;
  private volatile @Nullable ExtensionBackend backend;
  private boolean closed;

  /** A version that has started and takes no calls yet. */
  public static final class Prepared {
    private final ExtensionInstance instance;

    private Prepared(ExtensionInstance instance) {
      this.instance = instance;
    }

    public String digest() {
      return instance.jar().digest();
    }

    public Duration startTime() {
      return instance.startTime();
    }

    ExtensionJar jar() {
      return instance.jar();
    }

    List<Game> games() {
      return instance.games().all();
    }

    boolean hasAfterHooks() {
      return !instance.afterHooks().points().isEmpty();
    }

    ClassLoader classLoader() {
      return instance.classLoader();
    }
  }

  public ExtensionHost(
      Vertx vertx,
      MeterRegistry meters,
      ExtensionSettings settings,
      UserLookup users,
      PlatformFactory platforms,
      InstantSource clock) {
    this.vertx = vertx;
    this.meters = meters;
    this.settings = settings;
    this.users = onOwnContext(vertx.getOrCreateContext(), users);
    this.platforms = platforms;
    this.clock = clock;
    this.callMeters = new CallMeters(meters);
    this.gameMeters = new GameCallMeters(meters);
    this.active = new ActiveVersions(callMeters);
    this.games = new GameListing(instances, active);
    this.rooms = new ExtensionRooms(vertx, active::find);
    this.locks = new ExtensionLocks(meters);
    this.timer =
        vertx.setPeriodic(
            CHECK_MS, _ -> instances.forEach(instance -> instance.calls().checkTimeouts()));
    gauge("rookery.extensions.running", "Extensions that take calls", host -> host.active.count());
    gauge(
        "rookery.extensions.failed",
        "Extensions whose last version could not be started",
        host -> host.active.failureCount());
    gauge(
        "rookery.extensions.rooms", "Rooms of extensions that this node owns", _ -> rooms.count());
    gauge(
        "rookery.extensions.locks.used",
        "Locks that extensions of this node hold or wait for",
        host -> host.locks.inUse());
    gauge(
        "rookery.extensions.calls.running",
        "Calls of extensions that have begun and not ended",
        host -> host.sum(ExtensionCalls::inUse));
    gauge(
        "rookery.extensions.calls.overdue",
        "Threads in calls of extensions whose callers were answered with a timeout",
        host -> host.sum(ExtensionCalls::overdue));
  }

  /** So that the answer does not wait for handlers of the extension that asks. */
  private static UserLookup onOwnContext(Context context, UserLookup users) {
    return player -> {
      Promise<User> found = Promise.promise();
      context.runOnContext(_ -> users.find(player).onComplete(found));
      return found.future();
    };
  }

  /** Gives extensions what they use of the database; called once, before any is started. */
  public void connect(ExtensionBackend connected) {
    backend = connected;
    rooms.connect(connected);
  }

  private ExtensionBackend backend() {
    ExtensionBackend connected = backend;
    if (connected == null) {
      throw new IllegalStateException("the server has no database yet");
    }
    return connected;
  }

  public ExtensionSettings settings() {
    return settings;
  }

  InstantSource clock() {
    return clock;
  }

  private void gauge(String name, String description, ToDoubleFunction<ExtensionHost> value) {
    Gauge.builder(name, this, value).description(description).register(meters);
  }

  private double sum(ToDoubleFunction<ExtensionCalls> value) {
    return instances.stream().map(ExtensionInstance::calls).mapToDouble(value).sum();
  }

  /**
   * Starts a version beside the one that runs. {@link #activate} or {@link #discard} must follow.
   *
   * @throws ExtensionException if it does not start; what runs goes on, and the reason is listed
   */
  public synchronized Prepared prepare(ExtensionJar jar, JsonObject config)
      throws ExtensionException {
    if (closed) {
      throw new ExtensionException("the server is being closed");
    }
    ExtensionInstance instance = create(jar, config);
    instances.add(instance);
    try {
      instance.start();
      requireFreeKeys(instance);
    } catch (ExtensionException failure) {
      instances.remove(instance);
      reportFailure(jar.name(), jar.version(), jar.digest(), failure);
      throw failure;
    }
    countLoad("started");
    onInstances();
    return new Prepared(instance);
  }

  /**
   * Starts a version, takes its games, and stops it again. The games can be played afterwards;
   * calls of the version are not served.
   *
   * @throws ExtensionException if it does not start
   */
  synchronized List<OfferedGame> loadGames(ExtensionJar jar, JsonObject config)
      throws ExtensionException {
    if (closed) {
      throw new ExtensionException("the server is being closed");
    }
    ExtensionInstance instance = create(jar, config);
    instance.start();
    List<OfferedGame> games =
        instance.games().all().stream()
            .map(game -> new OfferedGame(jar.name(), game, false))
            .toList();
    stop(instance);
    return games;
  }

  private ExtensionInstance create(ExtensionJar jar, JsonObject config) {
    return new ExtensionInstance(
        vertx,
        jar,
        config,
        settings,
        users,
        platforms.create(jar.name()),
        rooms,
        this::backend,
        locks,
        gameMeters,
        meters);
  }

  private void requireFreeKeys(ExtensionInstance instance) throws ExtensionException {
    try {
      games.requireFreeKeys(instance);
    } catch (ExtensionException taken) {
      stop(instance);
      throw taken;
    }
  }

  /** Calls the listeners that look at all versions. */
  private void onInstances() {
    afterHookListener.run();
    games.tell();
  }

  /**
   * Calls a listener from now on when the games may be others: with the extensions that take calls,
   * and the games of all versions that are loaded. It must not block.
   */
  public synchronized void onGames(BiConsumer<Set<String>, List<OfferedGame>> listener) {
    games.setListener(listener);
    onInstances();
  }

  private void countLoad(String outcome) {
    Counter.builder("rookery.extensions.loads")
        .description("Versions of extensions that were started, or failed to start")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  /** Lists the reason why a version was not started. */
  public synchronized void reportFailure(
      String name, String version, String digest, ExtensionException failure) {
    countLoad("failed");
    LOG.error("extension {} {} cannot be started: {}", name, version, failure.getMessage());
    var reported =
        new ActiveVersions.Failure(
            version, digest, String.valueOf(failure.getMessage()), failure.isMissingHooksModule());
    active.reportFailure(name, reported);
  }

  /** From now on the version takes the calls; the one before is stopped when its calls ended. */
  public synchronized void activate(Prepared prepared) {
    ExtensionInstance next = prepared.instance;
    String name = next.jar().name();
    ExtensionInstance before = active.find(name);
    if (before != null) {
      before.meters().hide();
    }
    next.meters().show();
    active.put(name, next, clock.instant());
    active.forgetFailure(name);
    onChanged();
    LOG.info(
        "extension {} {} takes calls, started in {} ms",
        name,
        next.jar().version(),
        next.startTime().toMillis());
    rooms.handOver(name, next.rooms().beginServing());
    if (before != null) {
      stop(before);
    }
  }

  private void onChanged() {
    hookListener.accept(active.hasHooks());
    onInstances();
  }

  /** The locks of all extensions. */
  public ExtensionLocks locks() {
    return locks;
  }

  /**
   * Calls a listener from now on when the hooks after changes may be others: it reads {@link
   * #awaitedChanges} and {@link #followedChanges}, and must not block.
   */
  public synchronized void onAfterHooks(Runnable listener) {
    afterHookListener = listener;
    listener.run();
  }

  /**
   * After which changes the versions of this node have hooks, also those that take no calls yet.
   */
  public Set<AfterPoint> awaitedChanges() {
    var points = EnumSet.noneOf(AfterPoint.class);
    instances.forEach(instance -> points.addAll(instance.afterHooks().points()));
    return points;
  }

  /** After which changes the versions that take calls have hooks, by extension. */
  public Map<String, Set<AfterPoint>> followedChanges() {
    return active.byExtension(instance -> instance.afterHooks().points(), Set::isEmpty);
  }

  /** Runs the hooks of one extension after a change. The result does not fail. */
  public Future<CallOutcome> after(String extension, AfterPoint point, Committed<Object> event) {
    return active.runUncounted(extension, instance -> instance.invocations().after(point, event));
  }

  /** Runs a job of an extension. The result does not fail. */
  Future<CallOutcome> run(String extension, ScheduledRun run) {
    return active.runUncounted(extension, instance -> instance.invocations().run(run));
  }

  /**
   * The jobs of the versions that take calls, by extension and name; those without any left out.
   */
  Map<String, Map<String, ScheduleTable.Job>> schedules() {
    return active.byExtension(instance -> instance.schedules().jobs(), Map::isEmpty);
  }

  /** Tells from now on whether any extension has hooks, so that nothing is asked where none has. */
  public synchronized void onHooks(Consumer<Boolean> listener) {
    hookListener = listener;
    listener.accept(active.hasHooks());
  }

  /** Whether any extension has such a hook. */
  public boolean hasHooks(HookPoint point) {
    return active.hasHooks(point);
  }

  /**
   * Runs the hooks of all extensions before a change, by the names of the extensions; the first
   * that refuses or fails ends it. The outcome has the change as they leave it.
   *
   * @return null if no extension has such a hook
   */
  public @Nullable Future<CallOutcome> before(HookPoint point, Object change) {
    return active.before(point, change);
  }

  /** Stops a version that has taken no calls. */
  public synchronized void discard(Prepared prepared) {
    stop(prepared.instance);
  }

  /** Takes the extension out of service; does nothing if there is none of that name. */
  public synchronized void remove(String name) {
    active.forgetFailure(name);
    retire(name);
  }

  /** Forgets why a version did not start; does nothing if one runs. */
  synchronized void forgetFailure(String name) {
    if (active.find(name) == null) {
      active.forgetFailure(name);
    }
  }

  /** Stops the version that takes calls and goes on to list why the next did not start. */
  synchronized void retire(String name) {
    ExtensionInstance before = active.find(name);
    active.remove(name);
    onChanged();
    if (before != null) {
      LOG.info("extension {} {} is removed", name, before.jar().version());
      callMeters.remove(name);
      rooms.handOver(name, List.of());
      stop(before);
    }
  }

  /** On a thread of its own, because calls may go on for their whole time. */
  private void stop(ExtensionInstance instance) {
    Thread thread =
        Thread.ofVirtual()
            .name("stop of extension " + instance.jar().name())
            .unstarted(
                () -> {
                  try {
                    instance.stop();
                  } catch (RuntimeException | Error failure) {
                    FatalErrors.endIfFatal(failure);
                    LOG.error("extension {} cannot be stopped", instance.jar().name(), failure);
                  } finally {
                    instances.remove(instance);
                    onInstances();
                    stopping.remove(Thread.currentThread());
                  }
                });
    stopping.add(thread);
    thread.start();
  }

  /**
   * Calls a function. The result completes on the context of the caller and does not fail.
   *
   * @param arguments plain JSON values, which are not changed afterwards
   */
  public Future<CallOutcome> call(
      String extension, String function, List<?> arguments, PlayerId player) {
    return active.run(
        extension, instance -> instance.invocations().call(function, arguments, player));
  }

  /** Whether an extension serves this topic. */
  public boolean serves(ExtensionTopic topic) {
    ExtensionInstance serving = active.find(topic.extension());
    return serving != null && serving.channels().find(topic.topic()) != null;
  }

  /** A client that joins a topic of an extension, as the extension sees it. */
  public ChannelMember member(String id, ExtensionTopic topic, @Nullable PlayerId player) {
    return new ChannelMember(id, topic.topic(), player == null ? null : caller(player));
  }

  /**
   * Asks whether a client may join a topic. The outcome has a {@link ChannelAdmission}; the result
   * completes on the context of the caller and does not fail.
   */
  public Future<CallOutcome> join(String extension, ChannelMember member, JsonObject payload) {
    return active.run(extension, instance -> instance.invocations().join(member, payload));
  }

  /** Handles a message of a client that has joined. The outcome has a {@link JsonObject}. */
  public Future<CallOutcome> message(
      String extension, ChannelMember member, String event, JsonObject payload) {
    return active.run(
        extension, instance -> instance.invocations().message(member, event, payload));
  }

  /** Whether an extension answers any requests. */
  public boolean servesPages(String extension) {
    ExtensionInstance serving = active.find(extension);
    return serving != null && !serving.http().isEmpty();
  }

  /** A player as extensions see them. */
  public Caller caller(PlayerId player) {
    return new PlayerCaller(player, users);
  }

  /**
   * The display name of a player; empty if they have none, or do not exist any more. Blocks.
   *
   * @throws RuntimeException if the player cannot be read now
   */
  public String displayName(PlayerId player) {
    try {
      return users.find(player).await().displayName();
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Missing) {
        return "";
      }
      throw refused;
    }
  }

  /** Answers a request. The outcome has a {@link dev.rookery.extension.HttpReply}. */
  public Future<CallOutcome> http(String extension, HttpCall request) {
    return active.run(extension, instance -> instance.invocations().http(request));
  }

  /** Tells the extension that a client has left a topic. */
  public Future<CallOutcome> leave(String extension, ChannelMember member) {
    return active.run(extension, instance -> instance.invocations().leave(member));
  }

  /** The functions of all extensions, by extension and name. */
  public List<FunctionListing> functions() {
    return active.byExtension(ExtensionInstance::functions, _ -> false).entrySet().stream()
        .flatMap(entry -> entry.getValue().list(entry.getKey()).stream())
        .sorted(
            Comparator.comparing(FunctionListing::extension).thenComparing(FunctionListing::name))
        .toList();
  }

  /** The hooks of an extension with their figures; empty if it does not run here. */
  List<ExtensionCommand.HookFigures> hooks(String extension) {
    ExtensionInstance running = active.find(extension);
    if (running == null) {
      return List.of();
    }
    var figures = new ArrayList<ExtensionCommand.HookFigures>();
    for (HookPoint point : HookPoint.values()) {
      if (running.hooks().has(point)) {
        figures.add(
            running.invocations().hookCounts().figures(point, running.hooks().at(point).size()));
      }
    }
    for (AfterPoint point : AfterPoint.values()) {
      int hooks = running.afterHooks().at(point).size();
      if (hooks > 0) {
        figures.add(new ExtensionCommand.HookFigures(point.name(), false, hooks, 0, 0, 0, 0));
      }
    }
    return figures;
  }

  /** All extensions of this node, by name, those without a running version included. */
  public List<ExtensionStatus> extensions() {
    return active.list();
  }

  /** Versions that are not stopped yet, the ones that take calls included. */
  int instanceCount() {
    return instances.size();
  }

  /** Stops all extensions, and waits until they are. */
  @Override
  public void close() {
    List<Thread> remaining;
    synchronized (this) {
      closed = true;
      active.removeAll().forEach(this::stop);
      onChanged();
      remaining = new ArrayList<>(stopping);
    }
    locks.close();
    try {
      for (Thread thread : remaining) {
        thread.join(settings.stopTimeout().multipliedBy(2));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    vertx.cancelTimer(timer);
  }
}
