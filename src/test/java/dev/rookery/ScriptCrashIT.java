package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.script.Durability;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeMetrics;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the owner of the keyspace in the middle of scripts that count: nothing is counted twice.
 * With {@code commit} nothing that was acknowledged is lost; with {@code everysec} at most what was
 * acknowledged in the last second.
 */
final class ScriptCrashIT {
  private static final String OWNED = "rookery_keyspace_owned";
  private static final int COUNTERS = 8;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 1_000;
  private static final Duration GOES_ON_WITHIN = Duration.ofSeconds(20);

  /** The second of {@code everysec}, and two for a commit while three nodes share the machine. */
  private static final Duration LOST_AT_MOST = Duration.ofSeconds(3);

  private static final Duration RETRY_AFTER = Duration.ofMillis(20);
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);
  private static final String SCRIPT =
      """
      -- ROLE: guest
      if ARGV[2] == 'get' then
        return tonumber(redis.call('GET', KEYS[1])) or 0
      end
      return redis.call('INCR', KEYS[1])
      """;

  @TempDir private Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @ParameterizedTest
  @EnumSource(names = {"COMMIT", "EVERYSEC"})
  void anotherNodeGoesOnWithWhatWasStored(Durability durability) throws Exception {
    try (var cluster = ProcessCluster.start(3, folder, settings(durability))) {
      var uris = cluster.uris();
      int owner = owner(cluster);
      var counters = counters(uris);
      long killed;
      try (var storm = new Storm(counters)) {
        storm.awaitAcknowledged(ACKNOWLEDGED_BEFORE_KILL);
        if (durability == Durability.EVERYSEC) {
          storm.awaitTime(LOST_AT_MOST.plusSeconds(1));
        }
        cluster.node(owner).kill();
        killed = System.nanoTime();
        URI alive = uris.get((owner + 1) % uris.size());
        counters.forEach(counter -> counter.moveFrom(uris.get(owner), alive));
        storm.awaitAcknowledged(1);
        Duration gap = Duration.ofNanos(System.nanoTime() - killed);
        System.out.println("the next owner went on after " + gap.toMillis() + " ms");
        assertThat(gap).isLessThan(GOES_ON_WITHIN);
        storm.awaitAcknowledged(ACKNOWLEDGED_BEFORE_KILL);
      }
      for (Counter counter : counters) {
        long stored = counter.read();
        assertThat(stored).as("acknowledged").isGreaterThanOrEqualTo(counter.last());
        assertThat(stored).as("sent").isLessThanOrEqualTo(counter.sent.get());
        assertThat(counter.repeated).as("counted twice").isZero();
        long kept =
            durability == Durability.COMMIT
                ? Long.MAX_VALUE
                : counter.lastBefore(killed - LOST_AT_MOST.toNanos()) + 1;
        assertThat(counter.wentBackTo)
            .as("counted again from")
            .hasSizeLessThanOrEqualTo(1)
            .allSatisfy(value -> assertThat(value).isGreaterThanOrEqualTo(kept));
      }
    }
  }

  @Test
  void losesAtMostTheLastSecondOfOneNode() throws Exception {
    try (var database = Databases.sqlite()) {
      Path data = folder.resolve("data");
      int port = NodeProcess.freePort();
      List<Counter> counters;
      long killed;
      try (var node = NodeProcess.start(data, port, settings(Durability.EVERYSEC, database))) {
        counters = counters(List.of(node.uri("")));
        try (var storm = new Storm(counters)) {
          storm.awaitAcknowledged(2 * ACKNOWLEDGED_BEFORE_KILL);
          node.kill();
          killed = System.nanoTime();
        }
      }
      try (var node = NodeProcess.start(data, port, settings(Durability.COMMIT, database))) {
        for (Counter counter : counters) {
          long stored = counter.read();
          assertThat(stored)
              .as("acknowledged a second before")
              .isGreaterThanOrEqualTo(counter.lastBefore(killed - 1_000_000_000L));
          assertThat(stored).as("sent").isLessThanOrEqualTo(counter.sent.get());
          counter.restart(stored);
        }
        try (var storm = new Storm(counters)) {
          storm.awaitAcknowledged(ACKNOWLEDGED_BEFORE_KILL);
          node.kill();
        }
      }
      try (var node = NodeProcess.start(data, port, settings(Durability.COMMIT, database))) {
        for (Counter counter : counters) {
          assertThat(counter.read()).isBetween(counter.last(), counter.last() + 1);
        }
        assertThat(node.stop()).isZero();
      }
    }
  }

  private Map<String, String> settings(Durability durability) throws IOException {
    Path scripts = Files.createDirectories(folder.resolve("scripts"));
    Files.writeString(scripts.resolve("count.lua"), SCRIPT);
    return Map.of(
        "GODRA_SCRIPTS_DIR", scripts.toString(), "ROOKERY_GODRA_DURABILITY", durability.name());
  }

  private Map<String, String> settings(Durability durability, Databases.TestDatabase database)
      throws IOException {
    var settings = new HashMap<>(settings(durability));
    settings.put("DATABASE_URL", database.url());
    return settings;
  }

  private int owner(ProcessCluster cluster) {
    var owner = new AtomicInteger(-1);
    Eventually.holds(
        () -> {
          for (int i = 0; i < cluster.size(); i++) {
            URI uri = cluster.node(i).uri(NodeMetrics.path(OWNED));
            if (NodeMetrics.sum(metrics(uri), OWNED) == 1) {
              owner.set(i);
            }
          }
          return owner.get() >= 0;
        });
    return owner.get();
  }

  private String metrics(URI uri) {
    try {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException _) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private List<Counter> counters(List<URI> nodes) throws Exception {
    var counters = new ArrayList<Counter>();
    for (int i = 0; i < COUNTERS; i++) {
      counters.add(new Counter("counter-" + i, nodes.get(i % nodes.size())));
    }
    return counters;
  }

  /** One key that one client counts up. */
  private final class Counter {
    private final String key;
    private final String token;
    private final AtomicInteger sent = new AtomicInteger();
    private final Deque<long[]> acknowledged = new ArrayDeque<>();
    private volatile URI node;
    private long last;
    private int unknown;
    private int repeated;

    /** Where counting went on, after changes were lost. */
    private final List<Long> wentBackTo = new ArrayList<>();

    Counter(String key, URI node) throws Exception {
      this.key = key;
      this.node = node;
      var signedIn =
          client.send(
              HttpRequest.newBuilder(node.resolve("/guest-login"))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      this.token = new JsonObject(signedIn.body()).getString("token");
    }

    synchronized long last() {
      return last;
    }

    synchronized long lastBefore(long nanos) {
      long value = 0;
      for (long[] one : acknowledged) {
        if (one[0] < nanos) {
          value = one[1];
        }
      }
      return value;
    }

    synchronized void restart(long value) {
      last = value;
      unknown = 0;
    }

    void moveFrom(URI dead, URI alive) {
      if (node.equals(dead)) {
        node = alive;
      }
    }

    /** Whether the call was acknowledged. */
    boolean count() throws InterruptedException {
      sent.incrementAndGet();
      try {
        Long value = call("count");
        synchronized (this) {
          if (value == null) {
            unknown++;
            return false;
          }
          if (value > last + unknown + 1) {
            repeated++;
          } else if (value <= last) {
            wentBackTo.add(value);
          }
          last = value;
          unknown = 0;
          acknowledged.add(new long[] {System.nanoTime(), value});
          return true;
        }
      } catch (IOException _) {
        synchronized (this) {
          unknown++;
        }
        return false;
      }
    }

    long read() throws Exception {
      Long value = null;
      while (value == null) {
        value = call("get");
      }
      return value;
    }

    private Long call(String what) throws IOException, InterruptedException {
      var body =
          JsonObject.of("script", "count", "keys", JsonArray.of(key), "args", JsonArray.of(what));
      var answer =
          client.send(
              HttpRequest.newBuilder(node.resolve("/api/rpc"))
                  .timeout(REQUEST_TIMEOUT)
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body.encode()))
                  .build(),
              BodyHandlers.ofString());
      return answer.statusCode() == 200 ? new JsonObject(answer.body()).getLong("result") : null;
    }
  }

  /** All counters counting at once, until closed. */
  private static final class Storm implements AutoCloseable {
    private final long begunNanos = System.nanoTime();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Storm(List<Counter> counters) {
      for (Counter counter : counters) {
        threads.submit(
            () -> {
              while (!stopped.get()) {
                if (counter.count()) {
                  acknowledged.incrementAndGet();
                } else {
                  // The next owner needs the processor.
                  Eventually.pause(RETRY_AFTER);
                }
              }
              return null;
            });
      }
    }

    void awaitAcknowledged(int more) {
      int enough = acknowledged.get() + more;
      Eventually.holds(() -> acknowledged.get() >= enough);
    }

    /** Waits until the counters have counted for so long. */
    void awaitTime(Duration time) {
      Eventually.holds(() -> System.nanoTime() - begunNanos > time.toNanos());
      awaitAcknowledged(1);
    }

    @Override
    public void close() {
      stopped.set(true);
      threads.close();
    }
  }
}
