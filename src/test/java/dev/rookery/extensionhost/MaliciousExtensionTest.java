package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.extension.KvRead;
import dev.rookery.extension.KvScope;
import dev.rookery.extension.KvVisibility;
import dev.rookery.extensionhost.CallOutcome.Failed;
import dev.rookery.extensionhost.CallOutcome.Failure;
import dev.rookery.extensionhost.CallOutcome.Returned;
import dev.rookery.extensionplatform.ExtensionPlatforms;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests what extensions cannot do to the server, beside what {@link ExtensionHostTest} shows:
 * endless loops, huge, deep and cyclic results. That the connections of a version end with it is
 * shown where extensions have tables.
 */
final class MaliciousExtensionTest {
  private static final Duration BETWEEN_COLLECTIONS = Duration.ofSeconds(1);
  private static final Vertx VERTX = Vertx.vertx();
  private static final Bus BUS = new Bus(VERTX, new SimpleMeterRegistry(), null);

  private final ExtensionHost host =
      new ExtensionHost(
          VERTX,
          new SimpleMeterRegistry(),
          new ExtensionSettings(
              Duration.ofSeconds(60),
              Duration.ofSeconds(5),
              Duration.ofSeconds(60),
              Duration.ofSeconds(2),
              4,
              5_000,
              60,
              5,
              1 << 20),
          _ -> Future.failedFuture("no players"),
          new ExtensionPlatforms(VERTX, BUS),
          Clock.systemUTC());

  @AfterEach
  void close() {
    host.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close().await();
  }

  private void load(String version, String statements) throws ExtensionException {
    byte[] jar = ExtensionSources.started(version, statements);
    host.activate(host.prepare(ExtensionJar.read("bad", jar), new JsonObject()));
  }

  /** The class loader of the version, which nothing of the test keeps. */
  private WeakReference<ClassLoader> loadFirst(String statements) throws ExtensionException {
    byte[] jar = ExtensionSources.started("1", statements);
    var prepared = host.prepare(ExtensionJar.read("bad", jar), new JsonObject());
    host.activate(prepared);
    return new WeakReference<>(prepared.classLoader());
  }

  /** Some of what Vert.x holds for the version is released only half a minute later. */
  private static void awaitUnloading(WeakReference<ClassLoader> classes) {
    Eventually.holds(
        () -> {
          System.gc();
          if (classes.get() != null) {
            // A full collection takes the processor time of other tests.
            Eventually.pause(BETWEEN_COLLECTIONS);
          }
          return classes.get() == null;
        });
  }

  private CallOutcome call(String function, Object... arguments) {
    return host.clientCalls().call("bad", function, List.of(arguments), new PlayerId(7)).await();
  }

  @Test
  void cannotEndTheProcess() throws ExtensionException {
    load(
        "1",
        """
        context.functions().add(RpcFunction.named("exit").taking("how", int.class)
            .handledBy(call -> {
              Object left = call.argument(0, int.class) > 5 ? "text" : new ArrayList<Object>();
              switch (call.argument(0, int.class)) {
                case 0: System.exit(1); break;
                case 1: Runtime.getRuntime().exit(1); break;
                case 2: Runtime.getRuntime().halt(1); break;
                default: return left;
              }
              return left;
            }));
        """);
    for (int how = 0; how < 3; how++) {
      assertThat(call("exit", how)).isEqualTo(new Failed(Failure.EXCEPTION));
    }
    assertThat(call("exit", 9)).isEqualTo(new Returned("text"));
  }

  @Test
  void runsOnNoEventLoop() throws ExtensionException {
    load(
        "1",
        """
        var places = new ConcurrentHashMap<String, Boolean>();
        context.executor().submit(() -> context.vertx().setTimer(1, id ->
            places.put("task", io.vertx.core.Context.isOnEventLoopThread()))).get();
        context.executor().submit(() -> context.vertx().runOnContext(nothing ->
            places.put("run", io.vertx.core.Context.isOnEventLoopThread()))).get();
        context.deploy(() -> new io.vertx.core.VerticleBase() {
          public io.vertx.core.Future<?> start() {
            places.put("verticle", io.vertx.core.Context.isOnEventLoopThread());
            return io.vertx.core.Future.succeededFuture();
          }
        }, new io.vertx.core.DeploymentOptions()).await();
        context.functions().add(RpcFunction.named("places").handledBy(call ->
            context.vertx().timer(1).map(done -> new TreeMap<>(places)).await()));
        """);
    Eventually.holds(
        () ->
            call("places")
                .equals(new Returned(Map.of("run", false, "task", false, "verticle", false))));
  }

  @Test
  void cannotTouchWhatIsNotItsOwn() throws ExtensionException {
    String other = VERTX.deployVerticle(new VerticleBase() {}).await();
    long timer = VERTX.setTimer(600_000, _ -> {});
    load(
        "1",
        """
        var vertx = context.vertx();
        long own = vertx.setTimer(600_000, id -> {});
        List<Callable<Object>> refused = List.of(
            () -> vertx.close(),
            () -> vertx.exceptionHandler(failure -> {}),
            () -> { vertx.unregisterVerticleFactory(null); return 1; });
        int count = 0;
        for (var each : refused) {
          try {
            each.call();
          } catch (UnsupportedOperationException expected) {
            count++;
          }
        }
        int refusals = count;
        context.functions().add(RpcFunction.named("touch").taking("id").taking("timer", long.class)
            .handledBy(call -> List.of(
                refusals,
                vertx.undeploy(call.argument(0, String.class)).otherwiseEmpty().isComplete(),
                vertx.deploymentIDs().contains(call.argument(0, String.class)),
                vertx.cancelTimer(call.argument(1, long.class)),
                vertx.cancelTimer(own))));
        """);
    assertThat(call("touch", other, timer))
        .isEqualTo(new Returned(List.of(3, true, false, false, true)));
    assertThat(VERTX.deploymentIDs()).contains(other);
    assertThat(VERTX.cancelTimer(timer)).isTrue();
    VERTX.undeploy(other).await();
  }

  @Test
  void leavesNoTimerOfItsTasksBehind() throws Exception {
    String source =
        """
        context.executor().submit(() -> context.vertx().setPeriodic(2, id ->
            context.vertx().eventBus().publish("leaked", context.version()))).get();
        """;
    load("1", source);
    load("2", source);
    Eventually.holds(() -> host.instanceCount() == 1);
    Set<String> versions = ConcurrentHashMap.newKeySet();
    var remaining = new CountDownLatch(20);
    VERTX
        .eventBus()
        .<String>localConsumer(
            "leaked",
            message -> {
              versions.add(message.body());
              remaining.countDown();
            });
    assertThat(remaining.await(120, TimeUnit.SECONDS)).isTrue();
    assertThat(versions).containsExactly("2");
  }

  /** What a version starts itself is its own affair; {@code stop} can end it. */
  @Test
  void aThreadOfItsOwnOutlivesItsVersionUntilItEnds() throws Exception {
    String leaking =
        """
        context.functions().add(RpcFunction.named("leak").handledBy(call -> {
          var held = new byte[1 << 20];
          Thread.ofPlatform().daemon().name("leaked by an extension").start(() -> {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException end) {
              held[0] = 1;
            }
          });
          return true;
        }));
        """;
    WeakReference<ClassLoader> classes = loadFirst(leaking);
    assertThat(call("leak")).isEqualTo(new Returned(true));
    load("2", "");
    Eventually.holds(() -> host.instanceCount() == 1);

    System.gc();
    assertThat(classes.get()).isNotNull();
    endThread("leaked by an extension");
    awaitUnloading(classes);
  }

  private static KvDecision asked() {
    return new KvDecision(new KvRead("bag", KvScope.GLOBAL), KvVisibility.DEFAULT);
  }

  private static void endThread(String name) throws InterruptedException {
    Thread found =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(name))
            .findAny()
            .orElseThrow();
    found.interrupt();
    found.join();
  }

  @Test
  void hooksThatLeakKeepNothingOfTheirVersion() throws Exception {
    String leaking =
        """
        var kept = new ConcurrentLinkedQueue<byte[]>();
        var local = new ThreadLocal<Object>();
        context.beforeHooks().kvGet(read -> {
          kept.add(new byte[1 << 16]);
          local.set(kept);
          context.vertx().setPeriodic(600_000, id -> kept.add(new byte[1]));
          context.vertx().eventBus().localConsumer("leaks", message -> kept.clear());
          context.vertx().createHttpClient();
          context.meters().gauge("kept", kept, ConcurrentLinkedQueue::size);
          context.executor().submit(() -> { new CountDownLatch(1).await(); return kept; });
          Thread.currentThread().setName("renamed");
          return KvVisibility.DEFAULT;
        });
        """;
    WeakReference<ClassLoader> classes = loadFirst(leaking);
    for (int i = 0; i < 20; i++) {
      var decided = Objects.requireNonNull(host.hookCalls().before(HookPoint.KV_GET, asked()));
      assertThat(decided.await()).isInstanceOf(Returned.class);
    }
    load("2", "");
    Eventually.holds(() -> host.instanceCount() == 1);
    awaitUnloading(classes);
  }
}
