package dev.rookery.script;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls of this node to the owner of the keyspace, which is here or another node. Calls that
 * come while no owner is known wait, and are sent on as soon as there is one. Those that were sent
 * to an owner that has ended fail, because they may have been executed. Any thread may call.
 */
final class CallRouter {
  private final ScriptForwarder forwarder;
  private final ParkedCalls parked = new ParkedCalls();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Route route = new Unknown();
  private @Nullable Remote lastRemote;

  /** Where calls go. */
  sealed interface Route {}

  /** This node owns the keyspace. */
  record Local(ScriptExecutor executor) implements Route {}

  /** A run of another node owns it. */
  record Remote(String node, long run) implements Route {}

  /** No owner is known. */
  record Unknown() implements Route {}

  CallRouter(ScriptForwarder forwarder) {
    this.forwarder = forwarder;
  }

  Route route() {
    return route;
  }

  /** Calls that wait on this node: for an owner, or for its executor. */
  int waiting() {
    int queued = route instanceof Local(var executor) ? executor.waiting() : 0;
    return parked.size() + queued;
  }

  /** Serves what other nodes send; called on the engine's context. */
  Future<Void> listen() {
    return forwarder.listen(this::serve);
  }

  /** Serves a call of another node, if this one is the owner. */
  private void serve(ScriptCall call) {
    if (!(route instanceof Local(var executor) && executor.submit(List.of(call)))) {
      call.reject(ScriptCall.Rejection.NOT_OWNER);
    }
  }

  /** Takes calls of this node to the owner, or lets them wait for one. */
  void dispatch(List<ScriptCall> calls) {
    switch (route) {
      case Local(var executor) -> {
        if (!executor.submit(calls)) {
          park(calls);
        }
      }
      case Remote(var node, _) -> calls.forEach(call -> forwarder.ask(node, call));
      case Unknown _ -> park(calls);
    }
  }

  /**
   * As {@link #dispatch}, for a call that came back from a node that does not know whether it is
   * the owner; after a pause.
   */
  void dispatchAgain(ScriptCall call) {
    if (route instanceof Remote known) {
      change(known, new Unknown());
    }
    parked.add(call);
  }

  private void park(List<ScriptCall> calls) {
    calls.forEach(parked::add);
    if (isServing(route)) {
      sendParked();
    }
  }

  private static boolean isServing(Route route) {
    return switch (route) {
      case Local(var executor) -> executor.isOpen();
      case Remote _ -> true;
      case Unknown _ -> false;
    };
  }

  private void sendParked() {
    dispatch(parked.takeAll());
  }

  /**
   * Fails what has waited too long, and sends on what waits; called from time to time on the
   * engine's context.
   *
   * @return false if the owner is to be looked up: none is known, or it answers late
   */
  boolean tick() {
    boolean late = forwarder.failLate();
    parked.failLate();
    boolean serving = isServing(route) && !late;
    if (serving) {
      sendParked();
    }
    return serving;
  }

  /** From now on calls go another way; those that wait at once. */
  void set(Route next) {
    Route before;
    lock.lock();
    try {
      before = route;
      route = next;
    } finally {
      lock.unlock();
    }
    follow(before, next);
  }

  /**
   * As {@link #set}; false if calls do not go the expected way any more, and then nothing is done.
   */
  boolean change(Route expected, Route next) {
    lock.lock();
    try {
      if (!route.equals(expected)) {
        return false;
      }
      route = next;
    } finally {
      lock.unlock();
    }
    follow(expected, next);
    return true;
  }

  private void follow(Route before, Route next) {
    Remote ended = null;
    lock.lock();
    try {
      if (before instanceof Remote remote) {
        lastRemote = remote;
      }
      if (!(next instanceof Unknown)) {
        ended = lastRemote != null && !lastRemote.equals(next) ? lastRemote : null;
        lastRemote = null;
      }
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      forwarder.failAll(
          ended.node(), "the owner of the keyspace has ended; the script may have been executed");
    }
    if (!(next instanceof Unknown)) {
      sendParked();
    }
  }
}
