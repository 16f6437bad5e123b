package dev.rookery.extensionplatform;

import dev.rookery.bus.Bus;
import dev.rookery.extension.Platform;
import dev.rookery.extensionhost.PlatformFactory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Creates the platforms of the extensions of a node. */
public final class ExtensionPlatforms implements PlatformFactory {
  private final Bus bus;
  private final Context context;

  public ExtensionPlatforms(Vertx vertx, Bus bus) {
    this.bus = bus;
    this.context = vertx.getOrCreateContext();
  }

  @Override
  public Platform create(String extension) {
    return new ExtensionPlatform(new PlatformBus(bus, context, extension));
  }
}
