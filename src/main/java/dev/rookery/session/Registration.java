package dev.rookery.session;

/** A wish to be told, until it is closed. Closing is harmless when repeated. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
