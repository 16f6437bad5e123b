package dev.rookery.script;

import dev.rookery.bus.Bus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls to the node that owns the keyspace, and its answers back. The bus may lose either: a
 * call without an answer fails after {@link #timeout} as {@code AWAY}, and is never sent again,
 * because it may have been executed.
 *
 * <p>Calls and answers of the same moment travel in one frame. Everything happens on one context;
 * any thread may call.
 */
final class ScriptForwarder {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptForwarder.class);
  private static final String ADDRESS = "scripts/node/";

  private static final int CALLS = 1;
  private static final int ANSWERS = 2;

  private static final int RESULT = 1;
  private static final int FAILURE = 2;
  private static final int NOT_OWNER = 3;
  private static final int SOURCE_MISSING = 4;

  private static final int SOURCES_MAX = 10_000;

  /** In place of a source that the owner has; no source is empty. */
  static final byte[] NO_SOURCE = {};

  private final Bus bus;
  private final Context context;
  private final String node;
  private final Duration timeout;
  private final Map<Long, Sent> pending = new HashMap<>();
  private final Map<String, ScriptFrames.Writer> frames = new HashMap<>();
  private final Map<String, Set<String>> sources = new HashMap<>();
  private long lastId = ThreadLocalRandom.current().nextInt();
  private boolean flushing;

  private record Sent(String owner, ScriptCall call, long deadlineNanos) {}

  /**
   * @param node the name of this node
   * @param timeout how long a call waits for its answer
   */
  ScriptForwarder(Bus bus, Context context, String node, Duration timeout) {
    this.bus = bus;
    this.context = context;
    this.node = node;
    this.timeout = timeout;
  }

  /** Serves what other nodes send; called on the context. */
  Future<Void> listen(Consumer<ScriptCall> serve) {
    return bus.listen(ADDRESS + node, frame -> receive(frame, serve));
  }

  /** Sends a call to another node. */
  void ask(String owner, ScriptCall call) {
    context.runOnContext(
        _ -> {
          Set<String> known = sources.computeIfAbsent(owner, _ -> new HashSet<>());
          boolean first = known.add(call.script().sha1());
          if (known.size() > SOURCES_MAX) {
            known.clear();
          }
          send(owner, call, first);
        });
  }

  private void send(String owner, ScriptCall call, boolean withSource) {
    long id = ++lastId;
    pending.put(id, new Sent(owner, call, System.nanoTime() + timeout.toNanos()));
    Script script = call.script();
    ScriptFrames.Writer frame = frame(owner, CALLS);
    frame.number(id).text(script.sha1()).text(script.name()).kind(withSource ? 1 : 0);
    if (withSource) {
      frame.bytes(script.source());
    }
    frame.list(call.keys()).list(call.args());
    flushIfFull(owner, CALLS);
  }

  /** Fails what was sent to a node and not answered. */
  void failAll(String owner, String why) {
    context.runOnContext(
        _ -> {
          sources.remove(owner);
          failWhere(sent -> sent.owner().equals(owner), why);
        });
  }

  /** Fails what has waited too long; called on the context from time to time. */
  boolean failLate() {
    long now = System.nanoTime();
    return failWhere(
        sent -> sent.deadlineNanos() - now < 0,
        "the owner of the keyspace did not answer in time; the script may have been executed");
  }

  private boolean failWhere(Predicate<Sent> late, String why) {
    var failed = new ArrayList<Sent>();
    pending
        .values()
        .removeIf(
            sent -> {
              boolean remove = late.test(sent);
              if (remove) {
                failed.add(sent);
              }
              return remove;
            });
    failed.forEach(sent -> sent.call().fail(new ScriptException(ScriptException.Kind.AWAY, why)));
    return !failed.isEmpty();
  }

  private ScriptFrames.Writer frame(String to, int kind) {
    if (!flushing) {
      flushing = true;
      context.runOnContext(_ -> flush());
    }
    return frames.computeIfAbsent(kind + to, _ -> new ScriptFrames.Writer().kind(kind).text(node));
  }

  private void flushIfFull(String to, int kind) {
    ScriptFrames.Writer frame = frames.get(kind + to);
    if (frame != null && frame.size() > ScriptFrames.SIZE) {
      frames.remove(kind + to);
      bus.broadcast(ADDRESS + to, frame.buffer());
    }
  }

  private void flush() {
    flushing = false;
    frames.forEach((to, frame) -> bus.broadcast(ADDRESS + to.substring(1), frame.buffer()));
    frames.clear();
  }

  private void receive(Buffer bytes, Consumer<ScriptCall> serve) {
    try {
      var frame = new ScriptFrames.Reader(bytes);
      int kind = frame.kind();
      String from = frame.text();
      while (frame.hasMore()) {
        switch (kind) {
          case CALLS -> serve.accept(call(from, frame));
          case ANSWERS -> answer(frame);
          default -> throw new IllegalArgumentException("unknown kind of frame " + kind);
        }
      }
    } catch (IllegalArgumentException broken) {
      LOG.error("calls of scripts from another node cannot be read", broken);
    }
  }

  private ScriptCall call(String from, ScriptFrames.Reader frame) {
    long id = frame.number();
    String sha1 = frame.text();
    String name = frame.text();
    byte[] source = frame.kind() == 1 ? frame.bytes() : NO_SOURCE;
    // The node that the client has asked has checked the role.
    var script = new Script(name, sha1, source, ScriptRole.GUEST);
    return new ReceivedCall(from, id, script, frame.list(), frame.list());
  }

  private void answer(ScriptFrames.Reader frame) {
    long id = frame.number();
    int outcome = frame.kind();
    ScriptResult result = outcome == RESULT ? frame.result() : null;
    ScriptException failure = outcome == FAILURE ? failure(frame) : null;
    Sent sent = pending.remove(id);
    if (sent == null) {
      return;
    }
    switch (outcome) {
      case RESULT, FAILURE -> sent.call().complete(result, failure);
      case NOT_OWNER -> sent.call().reject(ScriptCall.Rejection.NOT_OWNER);
      case SOURCE_MISSING -> send(sent.owner(), sent.call(), true);
      default -> throw new IllegalArgumentException("unknown outcome " + outcome);
    }
  }

  private static ScriptException failure(ScriptFrames.Reader frame) {
    String kind = frame.text();
    String message = frame.text();
    for (ScriptException.Kind known : ScriptException.Kind.values()) {
      if (known.name().equals(kind)) {
        return new ScriptException(known, message);
      }
    }
    return new ScriptException(ScriptException.Kind.AWAY, message);
  }

  /** A call that another node has sent. */
  private final class ReceivedCall extends ScriptCall {
    private final String from;
    private final long id;
    private boolean answered;

    ReceivedCall(String from, long id, Script script, List<byte[]> keys, List<byte[]> args) {
      super(script, keys, args);
      this.from = from;
      this.id = id;
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
      context.runOnContext(
          _ -> {
            if (answered) {
              return;
            }
            answered = true;
            ScriptFrames.Writer frame = frame(from, ANSWERS).number(id);
            if (result != null) {
              frame.kind(RESULT).result(result);
            } else if (failure != null) {
              frame.kind(FAILURE).text(failure.kind().name()).text(failure.text());
            }
            flushIfFull(from, ANSWERS);
          });
    }

    @Override
    Executor answersOn() {
      return ((ContextInternal) context).nettyEventLoop();
    }

    @Override
    void reject(Rejection reason) {
      context.runOnContext(
          _ ->
              frame(from, ANSWERS)
                  .number(id)
                  .kind(
                      switch (reason) {
                        case NOT_OWNER -> NOT_OWNER;
                        case SOURCE_MISSING -> SOURCE_MISSING;
                      }));
    }
  }
}
