package dev.rookery.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.TestRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of Redis, up to a connection to a real one. */
@ExtendWith(VertxExtension.class)
final class RedisAddressTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "redis://game_redis, redis://10.0.0.5:6379",
    "redis://redis.1, redis://10.0.0.5:6379",
    "redis://grüße, redis://10.0.0.5:6379",
    "redis://game_redis:6380/2, redis://10.0.0.5:6380/2",
    "rediss://u:p%40^+ s@game_redis, rediss://u:p%40%5E%2B%20s@10.0.0.5:6379",
    "redis://:p@game_redis?db=3, redis://:p@10.0.0.5:6379/3",
    "redis://game_redis?user=u&password=p, redis://u:p@10.0.0.5:6379"
  })
  void namesHostWithUnderscoreByItsAddress(String url, String read) {
    var address = RedisAddress.parse(url);

    assertThat(address.needsResolution()).isTrue();
    assertThat(address.connectionString("10.0.0.5")).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "redis://[::1], redis://[::1]:6379",
    "redis://[fd00::1]:6380/0, redis://[fd00::1]:6380/0",
    "redis://cache, redis://cache:6379",
    "redis://cache/, redis://cache:6379",
    "unix:///run/redis.sock, unix:///run/redis.sock",
    "unix:/run/redis.sock, unix:///run/redis.sock",
    "unix:///run/redis.sock?db=2, unix:///run/redis.sock?db=2",
    "redis+socket:///run/redis.sock, unix:///run/redis.sock",
    "unix://:p%2F@/run/redis.sock, unix://:p%2F@localhost/run/redis.sock",
    "unix:///run/redis.sock?password=p, unix://:p@localhost/run/redis.sock"
  })
  void writesUrlAsClientReadsIt(String url, String read) {
    var address = RedisAddress.parse(url);

    assertThat(address.needsResolution()).isFalse();
    assertThat(address.connectionString(address.host())).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache:6379",
        "http://:secret@cache",
        "redis://",
        "redis://:secret@",
        "redis://:secret@cache:port",
        "redis://:secret@cache:70000",
        "redis://:secret@cache/zero",
        "redis://:secret@cache?timeout=5",
        "redis://:secret@cache#0",
        "redis://:sec/ret@cache",
        "redis://:sec?ret@cache",
        "redis://:secret%@cache",
        "redis://:secret@a,b",
        "redis://:secret@cache?password=other",
        "unix://",
        "unix:///"
      })
  void rejectsInvalidUrlWithoutShowingPassword(String url) {
    assertThatThrownBy(() -> RedisAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("sec")
        .hasMessageNotContaining("ret@");
  }

  @Test
  void connectsWithAnyPasswordOverTcpAndUnixSocket(Vertx vertx) {
    Path socket = folder.resolve("r.sock");
    try (var redis = TestRedis.start("requirepass \"p@ss:w^rd/?#%+ \"", "unixsocket " + socket)) {
      String password = "p@ss:w^rd%2F%3F%23%25+ ";
      for (String url :
          List.of(
              "redis://:" + password + "@127.0.0.1:" + redis.port() + "/1",
              "redis://default:" + password + "@localhost:" + redis.port(),
              // The client itself cannot read this host, like one with an underscore.
              "redis://:" + password + "@127.1:" + redis.port(),
              "unix://:" + password + "@" + socket + "?db=1")) {
        var meters = new SimpleMeterRegistry();
        try (var counters =
            new RedisCounters(vertx, url, 1, Duration.ofSeconds(5), Clock.systemUTC(), meters)) {
          assertThat(counters.increment("counter", Duration.ofHours(1)).await()).isPositive();
          assertThat(meters.get("rookery.redis.unanswered").counter().count()).as(url).isZero();
        }
      }
    }
  }
}
