package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.extension.User;
import dev.rookery.extensionhost.CallOutcome.Failed;
import dev.rookery.extensionhost.CallOutcome.Failure;
import dev.rookery.extensionhost.CallOutcome.Rejected;
import dev.rookery.extensionhost.CallOutcome.Returned;
import dev.rookery.extensionplatform.ExtensionPlatforms;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests loading, replacing, calling and unloading of extensions, with jars compiled here. */
final class ExtensionHostTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Bus BUS = new Bus(VERTX, new SimpleMeterRegistry());
  private static final PlayerId ANN = new PlayerId(7);
  private static final ExtensionSettings SETTINGS =
      new ExtensionSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          4,
          5_000,
          60,
          5,
          1 << 20);

  private PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private ExtensionHost host = host(SETTINGS);

  private void restart(ExtensionSettings settings) {
    host.close();
    meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    host = host(settings);
  }

  private ExtensionHost host(ExtensionSettings settings) {
    return new ExtensionHost(
        VERTX,
        meters,
        settings,
        player ->
            Future.succeededFuture(
                new User(
                    player.value(),
                    "",
                    "Ann",
                    "",
                    Map.of("level", 3),
                    -1,
                    -1,
                    true,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Instant.EPOCH)),
        new ExtensionPlatforms(VERTX, BUS),
        Clock.systemUTC());
  }

  @AfterEach
  void close() {
    host.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close().await();
  }

  private void load(String name, byte[] jar) throws ExtensionException {
    host.activate(host.prepare(ExtensionJar.read(name, jar), new JsonObject()));
  }

  private CallOutcome call(String extension, String function, Object... arguments) {
    return host.clientCalls().call(extension, function, List.of(arguments), ANN).await();
  }

  private static String answering(String function, String expression) {
    return "context.functions().add(RpcFunction.named(\"%s\").handledBy(call -> %s));"
        .formatted(function, expression);
  }

  @Test
  void callsTypedFunctionsWithTheirCaller() throws ExtensionException {
    load(
        "game",
        ExtensionSources.jar(
            "1.0",
            """
            public final class Main implements Extension {
              record Move(int x, int y) {}
              record Moved(String player, Move to, List<Integer> path) {}
              @Override public void start(ExtensionContext context) {
                context.functions().add(RpcFunction.named("move")
                    .taking("move", Move.class)
                    .taking("speed", int.class)
                    .handledBy(call -> {
                      var move = call.argument(0, Move.class);
                      int speed = call.argument(1, int.class);
                      return new Moved(call.caller().user().displayName(), move,
                          List.of(move.x() * speed, move.y() * speed));
                    }));
                context.functions().add(RpcFunction.named("me").handledBy(call -> call.caller().user()));
              }
            }
            """));

    assertThat(call("game", "move", Map.of("x", 1, "y", 2), 3))
        .isEqualTo(
            new Returned(
                Map.of("player", "Ann", "to", Map.of("x", 1, "y", 2), "path", List.of(3, 6))));
    assertThat(call("game", "move", "north", 3))
        .isEqualTo(new Rejected("invalid_argument: argument 1 (move) is not of type Move"));
    assertThat(call("game", "move", Map.of(), "fast"))
        .isEqualTo(new Rejected("invalid_argument: argument 2 (speed) is not of type int"));
    assertThat(((Returned) call("game", "me")).value())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("display_name", "Ann")
        .containsEntry("is_online", true)
        .containsEntry("lobby_id", -1)
        .containsEntry("inserted_at", "1970-01-01T00:00:00Z")
        .hasSize(11);
  }

  @Test
  void choosesFunctionsByNameAndNumberOfArguments() throws ExtensionException {
    load(
        "game",
        ExtensionSources.started(
            "1",
            """
            context.functions().add(RpcFunction.named("sum").taking("a").handledBy(c -> "one"));
            context.functions().add(RpcFunction.named("sum").describedAs("Adds").taking("a")
                .taking("b").example(1, 2).handledBy(c -> "two"));
            context.functions().addDynamic(new DynamicFunction("sum", null, c -> "any"));
            context.functions().addDynamic(new DynamicFunction("free",
                new JsonObject("{\\"description\\":\\"Does\\",\\"args\\":[{\\"name\\":\\"x\\"}]}"),
                c -> c.arguments().size()));
            """));

    assertThat(call("game", "sum", 1)).isEqualTo(new Returned("one"));
    assertThat(call("game", "sum", 1, 2)).isEqualTo(new Returned("two"));
    assertThat(call("game", "sum", 1, 2, 3)).isEqualTo(new Returned("any"));
    assertThat(call("game", "free", 1, 2, 3)).isEqualTo(new Returned(3));
    assertThat(call("game", "other")).isEqualTo(new Failed(Failure.NOT_IMPLEMENTED));
    assertThat(call("other", "sum", 1)).isEqualTo(new Failed(Failure.EXTENSION_NOT_FOUND));

    var listed = host.clientCalls().functions();
    assertThat(listed).extracting(FunctionListing::name).containsExactly("free", "sum");
    assertThat(listed.getFirst().dynamic()).isTrue();
    assertThat(listed.getFirst().signatures())
        .containsExactly(new FunctionListing.Signature(1, "free(x)", "Does", null));
    assertThat(listed.getLast().signatures())
        .containsExactly(
            new FunctionListing.Signature(1, "sum(a)", null, null),
            new FunctionListing.Signature(2, "sum(a, b)", "Adds", "[1,2]"));
  }

  @Test
  void refusesInvalidAndReservedNames() throws ExtensionException {
    load(
        "game",
        ExtensionSources.started(
            "1",
            """
            for (String name : List.of("after_startup", "with space", "", "x".repeat(65))) {
              try {
                context.functions().addDynamic(new DynamicFunction(name, null, c -> null));
                throw new AssertionError(name);
              } catch (IllegalArgumentException expected) {
                context.logger().debug("{}", expected.getMessage());
              }
            }
            """));
    assertThat(host.clientCalls().functions()).isEmpty();
    for (String name : List.of("..", "", "a/b", "x".repeat(65))) {
      assertThatThrownBy(() -> ExtensionJar.read(name, ExtensionSources.started("1", "")))
          .isInstanceOf(ExtensionException.class);
    }
  }

  @Test
  void refusesAJarThatIsTooLargeInItsManifestOrInADirectory() throws IOException {
    for (String entry : List.of("META-INF/MANIFEST.MF", "directory/")) {
      byte[] large = packed(entry, 2);
      assertThatThrownBy(() -> ExtensionJar.read("game", large, 1 << 20))
          .isInstanceOf(ExtensionException.class)
          .hasMessage("the jar is too large: more than 1 MiB unpacked or 20000 entries");
    }
  }

  private static byte[] packed(String entry, int mebibytes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < mebibytes; i++) {
        zip.write(part);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void keepsTheRunningVersionWhenTheNextFailsToStart() throws ExtensionException {
    load("game", ExtensionSources.started("1", answering("version", "1")));

    for (var broken :
        Map.of(
                ExtensionSources.started("2", "throw new IllegalStateException(\"no board\");"),
                "the start failed: java.lang.IllegalStateException: no board",
                ExtensionSources.started("3", "throw new AssertionError(\"bad\");"),
                "the start failed: java.lang.AssertionError: bad",
                ExtensionSources.started("4", "Class.forName(\"dev.rookery.store.Database\");"),
                "the start failed: java.lang.ClassNotFoundException: dev.rookery.store.Database",
                ExtensionSources.jarWithoutEntryPoint("final class Nothing {}"),
                "missing_hooks_module: the jar names no class in"
                    + " META-INF/services/dev.rookery.extension.Extension")
            .entrySet()) {
      assertThatThrownBy(() -> load("game", broken.getKey()))
          .isInstanceOf(ExtensionException.class)
          .hasMessage(broken.getValue());
      assertThat(call("game", "version")).isEqualTo(new Returned(1));
      ExtensionStatus status = host.extensions().getFirst();
      assertThat(status.version()).isEqualTo("1");
      assertThat(status.error()).isEqualTo(broken.getValue());
    }
    assertThatThrownBy(() -> ExtensionJar.read("game", new byte[] {1, 2, 3}))
        .isInstanceOf(ExtensionException.class);
    assertThat(host.instanceCount()).isEqualTo(1);
  }

  @Test
  void givesUpAStartThatTakesTooLong() {
    restart(
        new ExtensionSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            2,
            5_000,
            60,
            5,
            1 << 20));
    assertThatThrownBy(
            () -> load("game", ExtensionSources.started("1", "new CountDownLatch(1).await();")))
        .hasMessage("the start took longer than 200 ms");
    assertThat(host.extensions().getFirst().state()).isEqualTo(ExtensionStatus.State.FAILED);
    assertThat(call("game", "any")).isEqualTo(new Failed(Failure.EXTENSION_NOT_FOUND));
  }

  @Test
  void saysThatAJarHasNoEntryPoint() {
    assertThatThrownBy(
            () -> load("game", ExtensionSources.jarWithoutEntryPoint("final class Empty {}")))
        .isInstanceOf(ExtensionException.class);
    assertThat(call("game", "any")).isEqualTo(new Failed(Failure.MISSING_HOOKS_MODULE));
  }

  @Test
  void answersEveryCallWhileVersionsAreReplaced() throws Exception {
    String source = answering("version", "context.version()");
    load("game", ExtensionSources.started("0", source));
    var stopped = new AtomicBoolean();
    var calls = new AtomicInteger();
    var callers =
        List.of(1, 2).stream()
            .map(
                _ ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              int last = 0;
                              while (!stopped.get()) {
                                var outcome = (Returned) call("game", "version");
                                int version = Integer.parseInt((String) outcome.value());
                                assertThat(version).isGreaterThanOrEqualTo(last);
                                last = version;
                                calls.incrementAndGet();
                              }
                            }))
            .toList();
    var failed = new AtomicBoolean();
    callers.forEach(each -> each.setUncaughtExceptionHandler((_, _) -> failed.set(true)));

    try {
      for (int version = 1; version <= 30; version++) {
        int before = calls.get();
        load("game", ExtensionSources.started(String.valueOf(version), source));
        Eventually.holds(() -> calls.get() > before + 4 || failed.get());
      }
    } finally {
      stopped.set(true);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failed).isFalse();
    Eventually.holds(() -> host.instanceCount() == 1);
  }

  @Test
  void letsTheOldVersionFinishItsCalls() throws Exception {
    load(
        "game",
        ExtensionSources.started(
            "1",
            """
            var calls = new ConcurrentHashMap<String, CountDownLatch>();
            context.functions().add(RpcFunction.named("hold").handledBy(call -> {
              calls.computeIfAbsent("held", key -> new CountDownLatch(1)).await();
              return "old";
            }));
            context.vertx().eventBus().<String>localConsumer("release", message ->
              calls.computeIfAbsent("held", key -> new CountDownLatch(1)).countDown());
            """));
    var held = host.clientCalls().call("game", "hold", List.of(), ANN);
    load("game", ExtensionSources.started("2", answering("hold", "\"new\"")));

    assertThat(call("game", "hold")).isEqualTo(new Returned("new"));
    assertThat(held.isComplete()).isFalse();
    assertThat(host.instanceCount()).isEqualTo(2);
    VERTX.eventBus().publish("release", "now");
    assertThat(held.await()).isEqualTo(new Returned("old"));
    Eventually.holds(() -> host.instanceCount() == 1);
  }

  @Test
  void containsExceptionsEndlessLoopsAndUnusableResults() throws Exception {
    restart(
        new ExtensionSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(200),
            2,
            5_000,
            60,
            5,
            1 << 20));
    load(
        "bad",
        ExtensionSources.started(
            "1",
            """
            var spin = new AtomicBoolean(true);
            Map<String, RpcHandler> all = Map.of(
                "fail", call -> { throw new java.io.IOException("disk"); },
                "refuse", call -> { throw new RpcException("too_poor"); },
                "recurse", new RpcHandler() {
                  public Object call(RpcCall call) { return call(call); }
                },
                "wait", call -> { new CountDownLatch(1).await(); return 1; },
                "spin", call -> { while (spin.get()) { Thread.onSpinWait(); } return 1; },
                "unspin", call -> { spin.set(false); return 1; },
                "huge", call -> "x".repeat(2 << 20),
                "deep", call -> {
                  var list = new ArrayList<Object>();
                  for (int i = 0; i < 100; i++) { list = new ArrayList<>(List.of(list)); }
                  return list;
                },
                "cyclic", call -> { var l = new ArrayList<Object>(); l.add(l); return l; },
                "thread", call -> Thread.currentThread());
            all.forEach((name, handler) ->
                context.functions().add(RpcFunction.named(name).handledBy(handler)));
            """));
    load("good", ExtensionSources.started("1", answering("ping", "\"pong\"")));

    assertThat(call("bad", "fail")).isEqualTo(new Failed(Failure.EXCEPTION));
    assertThat(call("bad", "refuse")).isEqualTo(new Rejected("too_poor"));
    assertThat(call("bad", "recurse")).isEqualTo(new Failed(Failure.EXCEPTION));
    assertThat(call("bad", "wait")).isEqualTo(new Failed(Failure.TIMEOUT));
    for (String unusable : List.of("huge", "deep", "cyclic", "thread")) {
      assertThat(call("bad", unusable)).as(unusable).isEqualTo(new Failed(Failure.UNENCODABLE));
    }
    assertThat(call("bad", "spin")).isEqualTo(new Failed(Failure.TIMEOUT));
    assertThat(call("good", "ping")).isEqualTo(new Returned("pong"));
    Eventually.holds(() -> meters.get("rookery.extensions.calls.overdue").gauge().value() == 1);
    assertThat(call("bad", "unspin")).isEqualTo(new Returned(1));
    Eventually.holds(() -> meters.get("rookery.extensions.calls.overdue").gauge().value() == 0);

    // Counted after the caller has been answered.
    Eventually.holds(() -> host.extensions().getFirst().calls() == 10);
    Eventually.holds(() -> host.extensions().getFirst().errors() == 8);
    assertThat(
            meters
                .get("rookery.extensions.calls")
                .tags("extension", "bad", "outcome", "timeout")
                .timer()
                .count())
        .isEqualTo(2);
  }

  @Test
  void refusesCallsBeyondTheBoundOfOneExtensionAlone() throws Exception {
    load(
        "slow",
        ExtensionSources.started(
            "1",
            """
            var end = new CountDownLatch(1);
            context.functions().add(RpcFunction.named("hold")
                .handledBy(call -> { end.await(); return 1; }));
            context.vertx().eventBus().<String>localConsumer("end", message -> end.countDown());
            """));
    load("quick", ExtensionSources.started("1", answering("ping", "1")));
    int admitted = SETTINGS.callsMax() * 21;
    var ended = new CountDownLatch(admitted);
    for (int i = 0; i < admitted; i++) {
      host.clientCalls().call("slow", "hold", List.of(), ANN).onSuccess(_ -> ended.countDown());
    }

    assertThat(call("slow", "hold")).isEqualTo(new Failed(Failure.BUSY));
    assertThat(call("quick", "ping")).isEqualTo(new Returned(1));
    VERTX.eventBus().publish("end", "now");
    assertThat(ended.await(120, TimeUnit.SECONDS)).isTrue();
    Eventually.holds(() -> host.extensions().getLast().running() == 0);
    assertThat(call("slow", "hold")).isEqualTo(new Returned(1));
  }

  @Test
  void showsMetricsOfTheVersionThatTakesCalls() throws ExtensionException {
    String counting =
        """
        var coins = context.meters().counter("coins");
        context.functions().add(RpcFunction.named("earn").handledBy(call -> {
          coins.increment();
          return coins.count();
        }));
        """;
    load("game", ExtensionSources.started("1", counting));
    call("game", "earn");
    call("game", "earn");
    assertThat(meters.scrape()).contains("extension_game_coins_total 2.0");

    load("game", ExtensionSources.started("2", counting));
    call("game", "earn");
    Eventually.holds(() -> host.instanceCount() == 1);
    assertThat(meters.scrape()).contains("extension_game_coins_total 1.0");
    host.remove("game");
    // After the last call has ended.
    Eventually.holds(() -> !meters.scrape().contains("extension_game"));
    Eventually.holds(() -> !meters.scrape().contains("rookery_extensions_calls_seconds"));
    assertThat(call("game", "earn")).isEqualTo(new Failed(Failure.EXTENSION_NOT_FOUND));
  }

  @Test
  void cannotCloseTheServer() throws ExtensionException {
    load(
        "game",
        ExtensionSources.started(
            "1",
            """
            try {
              context.vertx().close();
              throw new AssertionError("closed");
            } catch (UnsupportedOperationException expected) {
              context.logger().debug("{}", expected.getMessage());
            }
            """
                + answering("later", "context.vertx().timer(1).map(t -> \"done\").await()")));
    assertThat(call("game", "later")).isEqualTo(new Returned("done"));
  }

  /**
   * Each version sets timers, consumes from the event bus, registers a metric, keeps a thread local
   * and a waiting task, and answers calls with a record of its own.
   */
  @Test
  void leavesNothingBehindAfterTwoHundredReplacements() throws Exception {
    String source =
        """
        public final class Main implements Extension {
          record Answer(String version, List<Integer> numbers) {}
          static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
          @Override public void start(ExtensionContext context) {
            context.vertx().setPeriodic(5, id -> {
              LOCAL.set(this);
              context.vertx().eventBus().publish("ticks", context.version());
            });
            context.vertx().setTimer(600_000, id -> LOCAL.set(this));
            context.vertx().eventBus().<String>localConsumer("ticks", message -> {
              LOCAL.set(this);
              context.vertx().eventBus().publish("heard", context.version());
            });
            context.meters().gauge("self", this, me -> 1);
            context.executor().submit(() -> { new CountDownLatch(1).await(); return this; });
            context.functions().add(RpcFunction.named("answer").taking("x", Answer.class)
                .handledBy(call -> {
                  LOCAL.set(this);
                  return call.argument(0, Answer.class);
                }));
          }
        }
        """;
    var argument = Map.of("version", "1", "numbers", List.of(1, 2));
    load("game", ExtensionSources.jar("0", source));
    call("game", "answer", argument);
    String metricsBefore = metricNames();
    Set<String> threadsBefore = threadNames();
    var loaders = new ArrayList<WeakReference<ClassLoader>>();

    for (int i = 1; i <= 200; i++) {
      var jar = ExtensionJar.read("game", ExtensionSources.jar(String.valueOf(i), source));
      var prepared = host.prepare(jar, new JsonObject());
      loaders.add(new WeakReference<>(prepared.classLoader()));
      host.activate(prepared);
      assertThat(call("game", "answer", argument)).isEqualTo(new Returned(argument));
    }

    Eventually.holds(() -> host.instanceCount() == 1);
    assertThat(metricNames()).isEqualTo(metricsBefore);
    Eventually.holds(() -> threadsBefore.containsAll(threadNames()));
    assertThat(versionsHeardAt("ticks", 20)).containsExactly("200");
    assertThat(versionsHeardAt("heard", 20)).containsExactly("200");
    Eventually.holds(
        () -> {
          System.gc();
          return loaders.stream().filter(loader -> loader.get() != null).count() == 1;
        });
  }

  private static Set<String> versionsHeardAt(String address, int messages) throws Exception {
    Set<String> versions = ConcurrentHashMap.newKeySet();
    var remaining = new CountDownLatch(messages);
    var consumer =
        VERTX
            .eventBus()
            .<String>localConsumer(
                address,
                message -> {
                  versions.add(message.body());
                  remaining.countDown();
                });
    assertThat(remaining.await(120, TimeUnit.SECONDS)).isTrue();
    consumer.unregister().await();
    return versions;
  }

  private String metricNames() {
    return meters.getMeters().stream()
        .map(meter -> meter.getId().toString())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static Set<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("extension-"))
        .map(name -> name.replaceAll("\\d+$", ""))
        .collect(Collectors.toSet());
  }
}
