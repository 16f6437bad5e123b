package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Caller;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.Committed;
import dev.rookery.extension.HttpCall;
import dev.rookery.extension.ScheduledRun;
import dev.rookery.extension.User;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
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
  private static final Future<CallOutcome> NOT_FOUND =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.EXTENSION_NOT_FOUND));
  private static final Future<CallOutcome> WITHOUT_ENTRY_POINT =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.MISSING_HOOKS_MODULE));

  private final Vertx vertx;
  private final MeterRegistry meters;
  private final ExtensionSettings settings;
  private final UserLookup users;
  private final PlatformFactory platforms;
  private final InstantSource clock;
  private final CallMeters callMeters;
  private final ExtensionRooms rooms;
  private final long timer;
  private final Set<ExtensionInstance> instances = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopping = ConcurrentHashMap.newKeySet();
  private volatile Map<String, Active> active = Map.of();
  private volatile Map<HookPoint, List<String>> hooked = Map.of();
  private volatile Consumer<Boolean> hookListener = _ -> {};
  private volatile Runnable afterHookListener = () -> {};
  private final ExtensionLocks locks;
  private volatile Map<String, Failure> failures = Map.of();
  private volatile @Nullable ExtensionBackend backend;
  private boolean closed;

  /** A version that takes calls. */
  private record Active(ExtensionInstance instance, Instant since) {}

  /** Why a version did not start. */
  private record Failure(String version, String digest, String reason, boolean noEntryPoint) {}

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
    this.rooms = new ExtensionRooms(vertx, this::serving);
    this.locks = new ExtensionLocks(meters);
    this.timer =
        vertx.setPeriodic(
            CHECK_MS, _ -> instances.forEach(instance -> instance.calls().checkTimeouts()));
    gauge("rookery.extensions.running", "Extensions that take calls", host -> host.active.size());
    gauge(
        "rookery.extensions.failed",
        "Extensions whose last version could not be started",
        host -> host.failures.size());
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

  private @Nullable ExtensionInstance serving(String extension) {
    Active serving = active.get(extension);
    return serving == null ? null : serving.instance();
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
    var platform = platforms.create(jar.name());
    var instance =
        new ExtensionInstance(
            vertx, jar, config, settings, users, platform, rooms, this::backend, locks, meters);
    instances.add(instance);
    try {
      instance.start();
    } catch (ExtensionException failure) {
      instances.remove(instance);
      reportFailure(jar.name(), jar.version(), jar.digest(), failure);
      throw failure;
    }
    countLoad("started");
    afterHookListener.run();
    return new Prepared(instance);
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
        new Failure(
            version, digest, String.valueOf(failure.getMessage()), failure.isMissingHooksModule());
    failures = with(failures, name, reported);
  }

  private static <V> Map<String, V> with(Map<String, V> map, String name, @Nullable V value) {
    var next = new TreeMap<>(map);
    if (value == null) {
      next.remove(name);
    } else {
      next.put(name, value);
    }
    return Map.copyOf(next);
  }

  /** From now on the version takes the calls; the one before is stopped when its calls ended. */
  public synchronized void activate(Prepared prepared) {
    ExtensionInstance next = prepared.instance;
    String name = next.jar().name();
    Active before = active.get(name);
    if (before != null) {
      before.instance().meters().hide();
    }
    next.meters().show();
    setActive(with(active, name, new Active(next, clock.instant())));
    failures = with(failures, name, null);
    LOG.info(
        "extension {} {} takes calls, started in {} ms",
        name,
        next.jar().version(),
        next.startTime().toMillis());
    rooms.handOver(name, next.rooms().beginServing());
    if (before != null) {
      stop(before.instance());
    }
  }

  private void setActive(Map<String, Active> next) {
    active = next;
    var points = new EnumMap<HookPoint, List<String>>(HookPoint.class);
    for (HookPoint point : HookPoint.values()) {
      List<String> names =
          next.entrySet().stream()
              .filter(each -> each.getValue().instance().hooks().has(point))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      if (!names.isEmpty()) {
        points.put(point, names);
      }
    }
    hooked = points;
    hookListener.accept(!points.isEmpty());
    afterHookListener.run();
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
    var points = new HashMap<String, Set<AfterPoint>>();
    active.forEach(
        (name, each) -> {
          Set<AfterPoint> own = each.instance().afterHooks().points();
          if (!own.isEmpty()) {
            points.put(name, own);
          }
        });
    return points;
  }

  /** Runs the hooks of one extension after a change. The result does not fail. */
  public Future<CallOutcome> after(String extension, AfterPoint point, Committed<Object> event) {
    return ofActive(extension, instance -> instance.after(point, event));
  }

  /** Runs a job of an extension. The result does not fail. */
  Future<CallOutcome> run(String extension, ScheduledRun run) {
    return ofActive(extension, instance -> instance.run(run));
  }

  /**
   * The jobs of the versions that take calls, by extension and name; those without any left out.
   */
  Map<String, Map<String, ScheduleTable.Job>> schedules() {
    var jobs = new TreeMap<String, Map<String, ScheduleTable.Job>>();
    active.forEach(
        (name, each) -> {
          Map<String, ScheduleTable.Job> own = each.instance().schedules().jobs();
          if (!own.isEmpty()) {
            jobs.put(name, own);
          }
        });
    return jobs;
  }

  private Future<CallOutcome> ofActive(
      String extension, Function<ExtensionInstance, @Nullable Future<CallOutcome>> call) {
    while (true) {
      Active serving = active.get(extension);
      if (serving == null) {
        return NOT_FOUND;
      }
      Future<CallOutcome> outcome = call.apply(serving.instance());
      // Null if the version has been replaced between both lines.
      if (outcome != null) {
        return outcome;
      }
    }
  }

  /** Tells from now on whether any extension has hooks, so that nothing is asked where none has. */
  public synchronized void onHooks(Consumer<Boolean> listener) {
    hookListener = listener;
    listener.accept(!hooked.isEmpty());
  }

  /** Whether any extension has such a hook. */
  public boolean hasHooks(HookPoint point) {
    return hooked.containsKey(point);
  }

  /**
   * Runs the hooks of all extensions before a change, by the names of the extensions; the first
   * that refuses or fails ends it. The outcome has the change as they leave it.
   *
   * @return null if no extension has such a hook
   */
  public @Nullable Future<CallOutcome> before(HookPoint point, Object change) {
    List<String> names = hooked.get(point);
    return names == null ? null : before(point, change, CallDepth.current() + 1, names.iterator());
  }

  private Future<CallOutcome> before(
      HookPoint point, Object change, int depth, Iterator<String> remaining) {
    while (remaining.hasNext()) {
      String name = remaining.next();
      Future<CallOutcome> outcome = null;
      Active serving = active.get(name);
      while (serving != null && outcome == null) {
        outcome = serving.instance().before(point, change, depth);
        // Null if the version has been replaced between both lines.
        serving = active.get(name);
      }
      if (outcome != null) {
        return outcome.compose(
            ended ->
                ended instanceof CallOutcome.Returned(var left) && left != null
                    ? before(point, left, depth, remaining)
                    : Future.succeededFuture(ended));
      }
    }
    return Future.succeededFuture(new CallOutcome.Returned(change));
  }

  /** Stops a version that has taken no calls. */
  public synchronized void discard(Prepared prepared) {
    stop(prepared.instance);
  }

  /** Takes the extension out of service; does nothing if there is none of that name. */
  public synchronized void remove(String name) {
    failures = with(failures, name, null);
    retire(name);
  }

  /** Forgets why a version did not start; does nothing if one runs. */
  synchronized void forgetFailure(String name) {
    if (!active.containsKey(name)) {
      failures = with(failures, name, null);
    }
  }

  /** Stops the version that takes calls and goes on to list why the next did not start. */
  synchronized void retire(String name) {
    Active before = active.get(name);
    setActive(with(active, name, null));
    if (before != null) {
      LOG.info("extension {} {} is removed", name, before.instance().jar().version());
      callMeters.remove(name);
      rooms.handOver(name, List.of());
      stop(before.instance());
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
                    afterHookListener.run();
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
    return run(extension, instance -> instance.call(function, arguments, player));
  }

  /** Runs a call of the version that serves; again if it was replaced in between. */
  private Future<CallOutcome> run(
      String extension, Function<ExtensionInstance, @Nullable Future<CallOutcome>> call) {
    while (true) {
      Active serving = active.get(extension);
      if (serving == null) {
        Failure failed = failures.get(extension);
        return failed != null && failed.noEntryPoint() ? WITHOUT_ENTRY_POINT : NOT_FOUND;
      }
      long started = System.nanoTime();
      Future<CallOutcome> result = call.apply(serving.instance());
      // Null if the version has been replaced between both lines.
      if (result != null) {
        return result.onSuccess(
            outcome -> callMeters.count(extension, outcome, System.nanoTime() - started));
      }
    }
  }

  /** Whether an extension serves this topic. */
  public boolean serves(ExtensionTopic topic) {
    ExtensionInstance serving = serving(topic.extension());
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
    return run(extension, instance -> instance.join(member, payload));
  }

  /** Handles a message of a client that has joined. The outcome has a {@link JsonObject}. */
  public Future<CallOutcome> message(
      String extension, ChannelMember member, String event, JsonObject payload) {
    return run(extension, instance -> instance.message(member, event, payload));
  }

  /** Whether an extension answers any requests. */
  public boolean servesPages(String extension) {
    ExtensionInstance serving = serving(extension);
    return serving != null && !serving.http().isEmpty();
  }

  /** A player as extensions see them. */
  public Caller caller(PlayerId player) {
    return new PlayerCaller(player, users);
  }

  /** Answers a request. The outcome has a {@link dev.rookery.extension.HttpReply}. */
  public Future<CallOutcome> http(String extension, HttpCall request) {
    return run(extension, instance -> instance.http(request));
  }

  /** Tells the extension that a client has left a topic. */
  public Future<CallOutcome> leave(String extension, ChannelMember member) {
    return run(extension, instance -> instance.leave(member));
  }

  /** The functions of all extensions, by extension and name. */
  public List<FunctionListing> functions() {
    return active.entrySet().stream()
        .flatMap(entry -> entry.getValue().instance().functions().list(entry.getKey()).stream())
        .sorted(
            Comparator.comparing(FunctionListing::extension).thenComparing(FunctionListing::name))
        .toList();
  }

  /** All extensions of this node, by name, those without a running version included. */
  public List<ExtensionStatus> extensions() {
    Map<String, Active> running = active;
    Map<String, Failure> failed = failures;
    return Stream.concat(running.keySet().stream(), failed.keySet().stream())
        .distinct()
        .sorted()
        .map(name -> status(name, running.get(name), failed.get(name)))
        .toList();
  }

  private static ExtensionStatus status(
      String name, @Nullable Active running, @Nullable Failure failed) {
    String error = failed == null ? null : failed.reason();
    if (running == null) {
      return new ExtensionStatus(
          name,
          failed == null ? "" : failed.version(),
          failed == null ? "" : failed.digest(),
          ExtensionStatus.State.FAILED,
          error,
          null,
          Duration.ZERO,
          0,
          0,
          Duration.ZERO,
          0);
    }
    ExtensionInstance instance = running.instance();
    return new ExtensionStatus(
        name,
        instance.jar().version(),
        instance.jar().digest(),
        ExtensionStatus.State.RUNNING,
        error,
        running.since(),
        instance.startTime(),
        instance.calls().ended(),
        instance.calls().errors(),
        instance.calls().timeSpent(),
        instance.calls().inUse());
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
      active.values().forEach(each -> stop(each.instance()));
      setActive(Map.of());
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
