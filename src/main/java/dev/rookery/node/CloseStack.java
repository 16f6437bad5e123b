package dev.rookery.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, to be closed the other way round. A failure does not keep the rest open. */
final class CloseStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private record Opened(String name, AutoCloseable part) {}

  private final Deque<Opened> opened = new ArrayDeque<>();

  synchronized void add(String name, AutoCloseable part) {
    opened.push(new Opened(name, part));
  }

  /** Closing again closes nothing. */
  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      Opened last = opened.pop();
      try {
        last.part().close();
      } catch (Exception failure) {
        LOG.warn("{} did not close in order", last.name(), failure);
      }
    }
  }
}
