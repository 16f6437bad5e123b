package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MetricHistoryTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final long MINUTE = 60_000;
  private static final long START = 29_000_000 * MINUTE;

  private final MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicInteger players = new AtomicInteger();

  @ParameterizedTest
  @MethodSource(ALL)
  void computesRatesAndPercentilesOfAnInterval(TestStore store) {
    Timer requests =
        Timer.builder("rookery.http.requests")
            .tag("status", "200")
            .serviceLevelObjectives(
                Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10))
            .register(meters);
    MetricHistory history = open(store, 1);
    requests.record(Duration.ofSeconds(9));
    history.sample(START, 0);

    for (int i = 0; i < 100; i++) {
      requests.record(Duration.ofMillis(4));
    }
    history.sample(START + 5_000, Duration.ofSeconds(5).toNanos());

    var latest = history.latest();
    assertThat(latest.get("http.requests")).isCloseTo(20, within(0.01));
    // The request before the interval does not count.
    assertThat(latest.get("http.p50")).isBetween(0.002, 0.005);
    assertThat(latest.get("http.p99")).isBetween(0.002, 0.005);
    assertThat(latest.get("http.errors")).isZero();
    assertThat(latest.get("store.commit.mean")).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void showsLargestValueWhereSeveralSamplesAreOnePoint(TestStore store) {
    var lag = new AtomicInteger();
    Gauge.builder("rookery.consumers.lag", lag, AtomicInteger::get).register(meters);
    gaugePlayers();
    MetricHistory history = open(store, 1);
    for (int i = 0; i < 12; i++) {
      lag.set(i == 5 ? 60 : 0);
      players.set(i % 2 == 0 ? 10 : 20);
      history.sample(START + i * 5_000L, i * 5_000_000_000L);
    }

    MetricPoints points =
        history.read(
            MetricRange.HOUR,
            List.of("consumers.lag", "players.online", "no.such"),
            START + MINUTE,
            60);

    assertThat(points.stepMs()).isEqualTo(MINUTE);
    assertThat(points.values()).containsOnlyKeys("consumers.lag", "players.online");
    float[] lags = points.values().get("consumers.lag");
    assertThat(lags[lags.length - 1]).isEqualTo(60);
    float[] online = points.values().get("players.online");
    assertThat(online[online.length - 1]).isEqualTo(15);
    assertThat(online[0]).isNaN();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsHistoryOverRestartAndLeavesGaps(TestStore store) {
    gaugePlayers();
    Counter.builder("rookery.sockets.frames.in").register(meters);
    MetricHistory before = open(store, 7);
    players.set(3);
    run(before, START, 4);

    var after = new MetricHistory(store.database(), meters, "a", () -> 8);
    long restarted = START + 10 * MINUTE;
    after.restore(restarted);
    players.set(5);
    run(after, restarted, 3);

    MetricPoints day =
        after.read(MetricRange.DAY, List.of("players.online"), START + 12 * MINUTE, 1_440);
    float[] online = day.values().get("players.online");
    assertThat(online[indexOf(day, START)]).isEqualTo(3);
    assertThat(online[indexOf(day, START + 2 * MINUTE)]).isEqualTo(3);
    assertThat(online[indexOf(day, START + 6 * MINUTE)]).isNaN();
    assertThat(online[indexOf(day, restarted)]).isEqualTo(5);
    assertThat(day.marks()).extracting(MetricPoints.Mark::text).containsExactly("restart");

    MetricPoints week =
        after.read(MetricRange.WEEK, List.of("players.online"), START + 30 * MINUTE, 672);
    assertThat(week.values().get("players.online")[indexOf(week, START)]).isBetween(3f, 5f);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void understandsRowsWithOtherColumns(TestStore store) {
    String content = MetricPoints.pack(new float[] {11, 12});
    store
        .database()
        .write(
            tx -> {
              tx.run(
                  "INSERT INTO metric_layout (id, columns) VALUES ($1, $2) RETURNING id",
                  "old",
                  "gone.column,players.online");
              return tx.run(
                      """
                      INSERT INTO metric_minute (node, minute, run, layout, content)
                      VALUES ($1, $2, $3, $4, $5) RETURNING minute
                      """,
                      "a",
                      START / MINUTE,
                      1L,
                      "old",
                      content)
                  .size();
            });

    MetricHistory history = open(store, 2);
    history.restore(START + MINUTE);

    MetricPoints day =
        history.read(MetricRange.DAY, List.of("players.online"), START + MINUTE, 1_440);
    float[] online = day.values().get("players.online");
    assertThat(online[indexOf(day, START)]).isEqualTo(12);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void forgetsRowsAfterAWeek(TestStore store) {
    gaugePlayers();
    MetricHistory history = open(store, 1);
    run(history, START, 2);
    run(history, START + Duration.ofDays(8).toMillis(), 2);

    long rows =
        store
            .database()
            .read(
                "SELECT COUNT(*) AS rows FROM metric_minute WHERE minute < $1", START / MINUTE + 5)
            .row(0)
            .number("rows");

    assertThat(rows).isZero();
  }

  private void gaugePlayers() {
    Gauge.builder("rookery.presence.online", players, AtomicInteger::get).register(meters);
  }

  private MetricHistory open(TestStore store, long run) {
    var history = new MetricHistory(store.database(), meters, "a", () -> run);
    history.restore(START);
    return history;
  }

  /** Samples at the begin of each minute; the last minute is not complete. */
  private static void run(MetricHistory history, long fromMs, int minutes) {
    for (int i = 0; i < minutes; i++) {
      history.sample(fromMs + i * MINUTE, i * Duration.ofMinutes(1).toNanos());
    }
  }

  private static int indexOf(MetricPoints points, long timeMs) {
    return (int) ((timeMs - points.startMs()) / points.stepMs());
  }
}
