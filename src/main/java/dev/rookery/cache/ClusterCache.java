package dev.rookery.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shared values in the memory of the nodes of a cluster; each holds a part of them. */
public final class ClusterCache implements SharedCache {
  /** The name of the map, whose size the configuration of the cluster bounds. */
  public static final String MAP = "rookery.cache";

  private final Duration timeout;
  private final Future<AsyncMap<String, Buffer>> map;

  /**
   * @param timeout of a read
   */
  public ClusterCache(Vertx vertx, Duration timeout) {
    this.timeout = timeout;
    this.map = vertx.sharedData().getAsyncMap(MAP);
  }

  @Override
  public Future<@Nullable Buffer> get(String key) {
    return map.<@Nullable Buffer>compose(values -> values.get(key))
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  @Override
  public void put(String key, Buffer value, Duration maxAge) {
    map.compose(values -> values.put(key, value, maxAge.toMillis())).onComplete(_ -> {});
  }
}
