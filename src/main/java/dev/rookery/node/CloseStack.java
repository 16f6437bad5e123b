package dev.rookery.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes parts in the reverse order of their start; the failure of one does not keep others open.
 */
final class CloseStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private record Opened(String name, AutoCloseable part) {}

  private final Deque<Opened> opened = new ArrayDeque<>();

  synchronized void add(String name, AutoCloseable part) {
    opened.push(new Opened(name, part));
  }

  /** Closes each part once, however often it is called. */
  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      Opened last = opened.pop();
      try {
        last.part().close();
      } catch (Exception failure) {
        LOG.warn("{} failed to close", last.name(), failure);
      }
    }
  }
}
