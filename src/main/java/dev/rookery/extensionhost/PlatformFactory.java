package dev.rookery.extensionhost;

import dev.rookery.extension.Platform;

/** Creates what extensions ask of the server. */
@FunctionalInterface
public interface PlatformFactory {
  /**
   * @param extension the name of the extension to which idempotency keys belong
   */
  Platform create(String extension);
}
