package dev.rookery.script;

import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A call of a script on its way to the owner of the keyspace, and its answer on the way back. */
abstract class ScriptCall {
  private final Script script;
  private final List<byte[]> keys;
  private final List<byte[]> args;
  private long parkedSinceNanos;
  private boolean parked;

  ScriptCall(Script script, List<byte[]> keys, List<byte[]> args) {
    this.script = script;
    this.keys = keys;
    this.args = args;
  }

  final Script script() {
    return script;
  }

  final List<byte[]> keys() {
    return keys;
  }

  final List<byte[]> args() {
    return args;
  }

  /** Bytes of its keys and arguments. */
  final long size() {
    return size(keys) + size(args);
  }

  private static long size(List<byte[]> texts) {
    long bytes = 0;
    for (byte[] text : texts) {
      bytes += text.length;
    }
    return bytes;
  }

  /** How long the call has waited for an owner of the keyspace. The caller has a lock. */
  final long parkedNanos() {
    if (!parked) {
      parked = true;
      parkedSinceNanos = System.nanoTime();
    }
    return System.nanoTime() - parkedSinceNanos;
  }

  final void fail(ScriptException failure) {
    complete(null, failure);
  }

  /** Called on any thread. Only the first answer counts. */
  abstract void complete(@Nullable ScriptResult result, @Nullable ScriptException failure);

  /** Where {@link #complete} does its work: the calls of one place are completed together. */
  abstract Executor answersOn();

  /** Nothing ran: this node cannot tell that it owns the keyspace, or does not have the source. */
  abstract void reject(Rejection reason);

  /** Why a call was sent back without being executed. */
  enum Rejection {
    NOT_OWNER,
    SOURCE_MISSING
  }
}
