package dev.rookery.lua;

import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine of a script. It has a virtual thread of its own, of which and of the resuming one
 * exactly one runs at any time. It ends with its call at the latest.
 */
public final class LuaCoroutine {
  static final int MAX_SUSPENDED = 1000;

  private static final int BYTES = 4096;
  private static final int COST_OF_SWITCH = 100;

  /** Where a coroutine stands. */
  enum Status {
    SUSPENDED,
    RUNNING,
    NORMAL,
    DEAD;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The stacks of a coroutine, or of the resuming one while the coroutine runs. */
  static final class Stack {
    @Nullable Site[] sites = new Site[16];
    @Nullable Object[][] frames = new Object[16][];
    @Nullable Object[] held = new Object[8];
    int depth;
    int heldTop;
    int height;
    int heightMax;
    boolean deep;
  }

  /** The function that {@code coroutine.wrap} returns. */
  static final class Wrapper extends LuaFunction {
    final LuaCoroutine coroutine;

    Wrapper(LuaCoroutine coroutine) {
      this.coroutine = coroutine;
    }

    @Override
    public @Nullable Object call(LuaCall call, @Nullable Object[] args) {
      try {
        return coroutine.resume(call, args);
      } catch (LuaError e) {
        LuaString text = Ops.toText(e.value());
        if (text != null) {
          throw new LuaError((Object) call.withPosition(1, text));
        }
        throw e;
      }
    }
  }

  final LuaFunction function;
  final Stack stack = new Stack();
  int mark;
  Status status = Status.SUSPENDED;

  private final Semaphore resumed = new Semaphore(0);
  private final Semaphore yielded = new Semaphore(0);
  private boolean started;
  private boolean ending;
  private int baseJavaDepth;
  private @Nullable Object[] transfer = Expr.EMPTY;
  private @Nullable Throwable failure;

  LuaCoroutine(LuaFunction function) {
    this.function = function;
  }

  /** Runs until the next yield or the end; throws what the coroutine threw. */
  Object[] resume(LuaCall call, @Nullable Object[] args) {
    if (status != Status.SUSPENDED) {
      throw new LuaError(
          "cannot resume " + (status == Status.DEAD ? "dead" : "non-suspended") + " coroutine");
    }
    if (call.javaDepth >= 190) {
      throw new LuaError("C stack overflow");
    }
    if (!started) {
      call.started(this);
      call.allocate(BYTES);
    }
    call.work(COST_OF_SWITCH);
    LuaCoroutine resumer = call.coroutine;
    if (resumer != null) {
      resumer.status = Status.NORMAL;
    }
    int javaDepth = call.javaDepth;
    status = Status.RUNNING;
    call.coroutine = this;
    call.javaDepth = javaDepth + 1;
    baseJavaDepth = call.javaDepth;
    call.swap(stack);
    transfer = args;
    hand(call);
    call.swap(stack);
    call.javaDepth = javaDepth;
    call.coroutine = resumer;
    if (resumer != null) {
      resumer.status = Status.RUNNING;
    }
    if (status == Status.DEAD) {
      call.ended(this);
    }
    Throwable thrown = failure;
    failure = null;
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {
        return transfer;
      }
    }
  }

  private void hand(LuaCall call) {
    if (started) {
      resumed.release();
    } else {
      started = true;
      Thread.ofVirtual().name("lua-coroutine").start(() -> runBody(call));
    }
    yielded.acquireUninterruptibly();
  }

  private void runBody(LuaCall call) {
    try {
      transfer = Expr.list(call.call(null, function, transfer));
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    status = Status.DEAD;
    yielded.release();
  }

  /** Suspends the running coroutine until it is resumed, and returns what that gives it. */
  Object[] yield(LuaCall call, @Nullable Object[] values) {
    if (call.javaDepth > baseJavaDepth) {
      throw new LuaError("attempt to yield across metamethod/C-call boundary");
    }
    transfer = values;
    status = Status.SUSPENDED;
    yielded.release();
    resumed.acquireUninterruptibly();
    if (ending) {
      throw new LuaLimitExceeded(LuaLimitExceeded.Limit.CANCELLED, "the call ended");
    }
    return transfer;
  }

  /** Ends a suspended coroutine with its call. */
  void end() {
    if (started && status == Status.SUSPENDED) {
      ending = true;
      resumed.release();
      yielded.acquireUninterruptibly();
    }
  }
}
