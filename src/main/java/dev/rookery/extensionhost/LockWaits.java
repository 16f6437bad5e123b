package dev.rookery.extensionhost;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which threads of this node have locks and connections, and which wait for some. A thread that
 * would close a cycle of waiting threads learns so before it waits: it is the last of them to wait,
 * and the others have told by then what they have.
 */
final class LockWaits {
  private final Map<Thread, Resource> waiting = new HashMap<>();
  private final Map<Thread, Integer> owned = new HashMap<>();

  /** What threads wait for, as long as a number of them have it. */
  static final class Resource {
    private final int capacity;
    private final Set<Thread> owners = new HashSet<>();

    Resource(int capacity) {
      this.capacity = capacity;
    }
  }

  /**
   * The current thread begins to wait; {@link #acquired} or {@link #gaveUp} ends it. False if it
   * would wait for itself, and then it must not wait.
   */
  synchronized boolean await(Resource resource) {
    Thread current = Thread.currentThread();
    waiting.put(current, resource);
    if (isDeadlock(resource, current)) {
      waiting.remove(current);
      return false;
    }
    return true;
  }

  synchronized void gaveUp() {
    waiting.remove(Thread.currentThread());
  }

  /** After the current thread has it. */
  synchronized void acquired(Resource resource) {
    Thread current = Thread.currentThread();
    waiting.remove(current);
    if (resource.owners.add(current)) {
      owned.merge(current, 1, Integer::sum);
    }
  }

  /** Before the current thread gives it back. */
  synchronized void released(Resource resource) {
    Thread current = Thread.currentThread();
    if (resource.owners.remove(current)) {
      owned.computeIfPresent(current, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many resources the current thread has. */
  synchronized int ownedByCurrentThread() {
    return owned.getOrDefault(Thread.currentThread(), 0);
  }

  /** Whether all who have the resource wait for each other or for the thread. */
  private boolean isDeadlock(Resource wanted, Thread thread) {
    var reached = new HashSet<Thread>();
    return allWait(wanted, thread, reached) && reached.contains(thread);
  }

  private boolean allWait(Resource wanted, Thread thread, Set<Thread> reached) {
    if (wanted.owners.size() < wanted.capacity) {
      return false;
    }
    for (Thread owner : wanted.owners) {
      if (!reached.add(owner) || owner.equals(thread)) {
        continue;
      }
      Resource next = waiting.get(owner);
      if (next == null || !allWait(next, thread, reached)) {
        return false;
      }
    }
    return true;
  }
}
