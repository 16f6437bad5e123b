package dev.rookery.bus;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers what an event loop gives to other threads in one turn, for all the sockets that had
 * something to read, and hands it over at the end of the turn, in order. Waking up another thread
 * costs more than most of what it is given, and happens once instead of for each item.
 */
public final class TurnBatcher<T> {
  private final Consumer<List<T>> handOver;
  private final FastThreadLocal<Turn> turns =
      new FastThreadLocal<>() {
        @Override
        protected Turn initialValue() {
          return new Turn();
        }
      };

  /**
   * @param handOver called on the event loop; the list is its own
   */
  public TurnBatcher(Consumer<List<T>> handOver) {
    this.handOver = handOver;
  }

  /**
   * Adds an item; off the event loop it is handed over at once.
   *
   * @param loop the event loop of the caller's context
   */
  public void add(EventExecutor loop, T item) {
    if (loop.inEventLoop()) {
      turns.get().add(loop, item);
    } else {
      handOver.accept(List.of(item));
    }
  }

  /** What one event loop has gathered. Confined to it. */
  private final class Turn implements Runnable {
    private final List<T> items = new ArrayList<>();

    void add(EventExecutor loop, T item) {
      if (items.isEmpty()) {
        loop.execute(this);
      }
      items.add(item);
    }

    @Override
    public void run() {
      // An event loop lives longer than what gathers on it, such as a version of an extension.
      turns.remove();
      handOver.accept(items);
    }
  }
}
