package dev.rookery.extensionhost;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, replaces and stops the extensions of this node. {@link #clientCalls Calls} find the
 * version that serves them by one volatile read; a new version is started beside the old one and
 * takes over with one write.
 *
 * <p>Methods that change something block, and run one at a time.
 */
public final class ExtensionHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionHost.class);

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final ExtensionSettings settings;
  private final UserLookup users;
  private final PlatformFactory platforms;
  private final InstantSource clock;
  private final CallMeters callMeters;
  private final GameCallMeters gameMeters;
  private final ExtensionRooms rooms;
  private final LoadedInstances loaded;
  private final ActiveVersions active;
  private final GameListing games;
  private final ClientCalls clientCalls;
  private final HookCalls hookCalls;
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
    this.loaded = new LoadedInstances(vertx, meters, this::onInstances);
    this.games = new GameListing(loaded.all(), active);
    this.clientCalls = new ClientCalls(active, this.users);
    this.hookCalls = new HookCalls(loaded.all(), active, this.users);
    this.rooms = new ExtensionRooms(vertx, active::find);
    this.locks = new ExtensionLocks(meters);
    gauge("rookery.extensions.running", "Extensions that take calls", host -> host.active.count());
    gauge(
        "rookery.extensions.failed",
        "Extensions whose last version could not be started",
        host -> host.active.failureCount());
    gauge(
        "rookery.extensions.rooms", "Rooms of extensions that this node owns", _ -> rooms.count());
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

  /** The calls of clients. */
  public ClientCalls clientCalls() {
    return clientCalls;
  }

  /** The hooks before and after changes. */
  public HookCalls hookCalls() {
    return hookCalls;
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
    loaded.add(instance);
    try {
      instance.start();
      requireFreeKeys(instance);
    } catch (ExtensionException failure) {
      loaded.remove(instance);
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
    loaded.stop(instance);
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
      loaded.stop(instance);
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
      loaded.stop(before);
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
   * HookCalls#awaitedChanges} and {@link HookCalls#followedChanges}, and must not block.
   */
  public synchronized void onAfterHooks(Runnable listener) {
    afterHookListener = listener;
    listener.run();
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

  /** Stops a version that has taken no calls. */
  public synchronized void discard(Prepared prepared) {
    loaded.stop(prepared.instance);
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
      loaded.stop(before);
    }
  }

  /** All extensions of this node, by name, those without a running version included. */
  public List<ExtensionStatus> extensions() {
    return active.list();
  }

  /** Versions that are not stopped yet, the ones that take calls included. */
  int instanceCount() {
    return loaded.all().size();
  }

  /** Stops all extensions, and waits until they are. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      active.removeAll().forEach(loaded::stop);
      onChanged();
    }
    locks.close();
    loaded.close(settings.stopTimeout().multipliedBy(2));
  }
}
