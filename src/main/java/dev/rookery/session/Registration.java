package dev.rookery.session;

/**
 * Handle of a registered listener; closing it removes the listener. Closing it again has no effect.
 */
@FunctionalInterface
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
