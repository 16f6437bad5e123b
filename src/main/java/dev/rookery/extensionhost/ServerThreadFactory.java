package dev.rookery.extensionhost;

import io.vertx.core.impl.VertxThread;
import io.vertx.core.spi.VertxThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Gives threads of Vert.x the class loader of the server. They begin when they are first used, also
 * by threads of an extension, whose classes they would otherwise keep in memory as long as they
 * live.
 */
public final class ServerThreadFactory implements VertxThreadFactory {
  @Override
  public VertxThread newVertxThread(
      Runnable target, String name, boolean worker, long maxExecTime, TimeUnit unit) {
    var thread = VertxThreadFactory.super.newVertxThread(target, name, worker, maxExecTime, unit);
    thread.setContextClassLoader(ServerThreadFactory.class.getClassLoader());
    return thread;
  }
}
