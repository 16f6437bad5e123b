package dev.rookery.script;

import dev.rookery.script.ScriptException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls that wait for an owner of the keyspace, in the order of their arrival: at most as many
 * bytes as may wait at the owner; {@link EmbeddedScriptEngine} bounds their number. Further calls,
 * and those that have waited for {@link #PARK_FOR} in all, fail as {@code BUSY}: they have not been
 * executed. Any thread may call.
 */
final class ParkedCalls {
  private static final Duration PARK_FOR = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ScriptCall> calls = new ArrayDeque<>();
  private long bytes;

  int size() {
    lock.lock();
    try {
      return calls.size();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a call wait; or fails it, if it has waited too long before or too many wait. */
  void add(ScriptCall call) {
    boolean late;
    boolean full;
    lock.lock();
    try {
      late = isLate(call);
      full = bytes + call.size() > CallQueue.BYTES_MAX;
      if (!late && !full) {
        calls.add(call);
        bytes += call.size();
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      failLate(call);
    } else if (full) {
      call.fail(CallQueue.full());
    }
  }

  List<ScriptCall> takeAll() {
    lock.lock();
    try {
      var taken = List.copyOf(calls);
      calls.clear();
      bytes = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Fails the calls that have waited too long. */
  void failLate() {
    var late = new ArrayList<ScriptCall>();
    lock.lock();
    try {
      calls.removeIf(call -> isLate(call) && late.add(call));
      late.forEach(call -> bytes -= call.size());
    } finally {
      lock.unlock();
    }
    late.forEach(ParkedCalls::failLate);
  }

  private static boolean isLate(ScriptCall call) {
    return call.parkedNanos() > PARK_FOR.toNanos();
  }

  private static void failLate(ScriptCall call) {
    call.fail(
        new ScriptException(
            Kind.BUSY, "no node owns the keyspace for certain at the moment; try again later"));
  }
}
