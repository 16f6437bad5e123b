package dev.rookery.lua;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script, with its global variables and its limits. Creating one costs less than a
 * microsecond. Not for several threads at once, except {@link #cancel}.
 */
public final class LuaCall {
  private static final int TICKS = 1024;

  /** What a string needs besides its bytes. */
  static final long BYTES_OF_STRING = 56;

  /** Calls nest this deep in Lua 5.1 before it reports a stack overflow. */
  private static final int DEPTH_MAX = 16_380;

  /** Calls from Java to Lua nest this deep in Lua 5.1. */
  private static final int JAVA_DEPTH_MAX = 199;

  /** Java frames, of 75 bytes on average, that fit on any thread's stack. */
  private static final int HEIGHT_OF_THREAD = 5_000;

  private static final int COST_OF_DEEP_THREAD = 5_000;
  private static final int HEIGHT_OF_DEEP_THREAD = 400_000;
  private static final long BYTES_OF_DEEP_STACK = 64L << 20;

  private final LuaLimits limits;
  private final long started;
  private final long deadline;
  private long instructionsLeft;
  private int ticks;
  private volatile boolean cancelled;
  private @Nullable LuaLimitExceeded exceeded;

  private long allocated;
  private long threshold;

  final LuaTable globals;
  final LuaTable stringMetatable;
  final RandomNumbers random = new RandomNumbers();
  final JsonSettings json = new JsonSettings();

  // The stack of the running coroutine. Element 0 is unused.
  @Nullable Site[] sites = new Site[32];
  @Nullable Object[][] frames = new Object[32][];
  int depth;
  @Nullable Object[] held = new Object[16];
  int heldTop;
  int javaDepth;
  int height;
  private int heightMax = HEIGHT_OF_THREAD;
  private boolean deep;
  @Nullable LuaCoroutine coroutine;
  private @Nullable List<LuaCoroutine> coroutines;

  @Nullable LuaFunction tailFunction;
  @Nullable Object[] tailArgs = Expr.EMPTY;

  /** A call that starts now: its time runs from here. */
  public LuaCall(LuaLibraries libraries, LuaLimits limits) {
    this.limits = limits;
    this.started = System.nanoTime();
    this.deadline = limits.timeNanos() == 0 ? 0 : started + limits.timeNanos();
    this.instructionsLeft = limits.instructions() == 0 ? Long.MAX_VALUE : limits.instructions();
    this.ticks = (int) Math.min(TICKS, instructionsLeft);
    this.threshold = limits.memoryBytes();
    this.globals = libraries.globals().copyFor(this);
    this.globals.set("_G", globals);
    this.stringMetatable = libraries.stringMetatable();
  }

  /** Sets a global variable; scripts cannot change it. */
  public void setGlobal(String name, @Nullable Object value) {
    globals.set(name, value);
  }

  /** Sets a global variable; scripts cannot change it. */
  public void setGlobal(LuaString name, @Nullable Object value) {
    globals.set(name, value);
  }

  /**
   * Runs a script and returns its values. Coroutines that it left suspended end with it.
   *
   * @throws LuaError if the script raised an error that it did not catch
   * @throws LuaLimitExceeded if it reached a limit
   */
  public @Nullable Object[] run(LuaChunk chunk) {
    globals.readOnly = true;
    try {
      LuaClosure main = new LuaClosure(chunk.proto, new Cell[0], globals);
      return Expr.list(invoke(main, Expr.EMPTY));
    } catch (LuaError e) {
      throw e.raisedAt(depth > 0 ? sites[depth] : null);
    } finally {
      endCoroutines();
    }
  }

  /** Seconds of this call, for {@code os.clock}. */
  Double clock() {
    return LuaNumber.of((System.nanoTime() - started) / 1e9);
  }

  /** Ends the call soon, from any thread, with {@link LuaLimitExceeded.Limit#CANCELLED}. */
  public void cancel() {
    cancelled = true;
  }

  /** Returns a table whose memory counts for this call. */
  public LuaTable newTable(int arraySize, int hashSize) {
    return new LuaTable(this, arraySize, hashSize);
  }

  /** Returns a string whose memory counts for this call. The array is not copied. */
  public LuaString newString(byte[] bytes) {
    allocate(bytes.length + BYTES_OF_STRING);
    work(bytes.length >> 8);
    return LuaString.of(bytes);
  }

  LuaString newString(byte[] bytes, int from, int to) {
    allocate(to - from + BYTES_OF_STRING);
    work(to - from >> 8);
    return LuaString.of(bytes, from, to);
  }

  // Time and memory

  void tick() {
    if (--ticks < 0) {
      checkTime();
    }
  }

  /** Accounts for work that takes about as long as that many instructions. */
  public void work(int instructions) {
    ticks -= instructions;
    if (ticks < 0) {
      checkTime();
    }
  }

  private void checkTime() {
    if (exceeded != null) {
      throw exceeded;
    }
    instructionsLeft -= TICKS - ticks;
    ticks = TICKS;
    if (instructionsLeft < 0) {
      throw exceed(LuaLimitExceeded.Limit.INSTRUCTIONS, "script used up its instructions");
    }
    if (cancelled) {
      throw exceed(LuaLimitExceeded.Limit.CANCELLED, "script was cancelled");
    }
    if (deadline != 0 && System.nanoTime() - deadline > 0) {
      throw exceed(LuaLimitExceeded.Limit.TIME, "script ran longer than allowed");
    }
  }

  private LuaLimitExceeded exceed(LuaLimitExceeded.Limit limit, String message) {
    // Each later check throws again, so that no code between here and the end gets far.
    exceeded = new LuaLimitExceeded(limit, message);
    ticks = -1;
    return exceeded;
  }

  /** Accounts for memory before it is allocated. */
  public void allocate(long bytes) {
    allocated += bytes;
    if (allocated > threshold) {
      measure(bytes);
    }
  }

  private void measure(long bytes) {
    if (exceeded != null) {
      throw exceeded;
    }
    long limit = limits.memoryBytes();
    long live = bytes > limit ? 0 : new Reachability(this, coroutines).measure();
    if (live + bytes > limit) {
      throw exceed(LuaLimitExceeded.Limit.MEMORY, "script needs more memory than allowed");
    }
    work((int) (live >> 6));
    allocated = live + bytes;
    threshold = Math.max(limit, allocated + limit / 4);
  }

  /** Keeps a value that Java code needs while it calls a script, so that its memory counts. */
  void hold(@Nullable Object value) {
    if (heldTop == held.length) {
      held = Arrays.copyOf(held, heldTop * 2);
    }
    held[heldTop++] = value;
  }

  void release() {
    held[--heldTop] = null;
  }

  // Calls

  private int push(@Nullable Site site, @Nullable Object @Nullable [] frame) {
    int d = ++depth;
    if (d >= sites.length) {
      growStack(site);
    }
    sites[d] = site;
    frames[d] = frame;
    return d;
  }

  private void growStack(@Nullable Site site) {
    if (depth > DEPTH_MAX) {
      depth--;
      throw Ops.error(site, "stack overflow");
    }
    int size = Math.min(sites.length * 2, DEPTH_MAX + 1);
    sites = Arrays.copyOf(sites, size);
    frames = Arrays.copyOf(frames, size);
  }

  /** Runs a closure on a frame with its parameters. */
  @Nullable Object enter(@Nullable Site site, LuaClosure closure, @Nullable Object[] frame) {
    Proto proto = closure.proto;
    if ((height += proto.height) > heightMax) {
      height -= proto.height;
      return enterDeep(site, proto.height, () -> enter(site, closure, frame));
    }
    tick();
    int d = push(site, frame);
    Object result = proto.body.exec(this, frame);
    if (result == Stmt.TAIL) {
      result = runTailCalls(d);
    }
    frames[d] = null;
    depth = d - 1;
    height -= proto.height;
    return result == null ? Expr.EMPTY : result == Stmt.NIL ? null : result;
  }

  private @Nullable Object runTailCalls(int d) {
    int base = height;
    while (true) {
      tick();
      LuaFunction function = tailFunction;
      @Nullable Object[] args = tailArgs;
      tailFunction = null;
      tailArgs = Expr.EMPTY;
      sites[d] = Site.TAIL_CALL;
      if (!(function instanceof LuaClosure closure)) {
        throw new IllegalStateException("tail call without a function");
      }
      @Nullable Object[] frame = closure.proto.frame(this, closure, args);
      frames[d] = frame;
      height = base + closure.proto.height;
      Object result;
      if (height > heightMax) {
        result = enterDeep(null, 0, () -> closure.proto.body.exec(this, frame));
      } else {
        result = closure.proto.body.exec(this, frame);
      }
      height = base;
      if (result != Stmt.TAIL) {
        return result;
      }
    }
  }

  /** Calls any value from a place in a script. */
  @Nullable Object call(@Nullable Site site, @Nullable Object function, @Nullable Object[] args) {
    if (function instanceof LuaClosure closure) {
      return enter(site, closure, closure.proto.frame(this, closure, args));
    }
    if (function instanceof LuaFunction java) {
      return callJava(site, java, args);
    }
    Object handler = Ops.metamethod(this, function, MetaNames.CALL);
    if (!(handler instanceof LuaFunction callable)) {
      throw Ops.typeError(this, site, "call", function, null);
    }
    @Nullable Object[] all = new Object[args.length + 1];
    all[0] = function;
    System.arraycopy(args, 0, all, 1, args.length);
    return call(site, callable, all);
  }

  @Nullable Object callJava(@Nullable Site site, LuaFunction function, @Nullable Object[] args) {
    tick();
    int d = push(site, null);
    hold(args);
    Object result = function.call(this, args);
    release();
    depth = d - 1;
    return result;
  }

  /**
   * Calls a function from Java code.
   *
   * @return one value as it is, or an {@code Object[]} of several or none
   */
  public @Nullable Object invoke(@Nullable Object function, @Nullable Object... args) {
    return invokeAt(null, function, args);
  }

  /** Calls a function for an operation in a script, such as a metamethod. */
  @Nullable Object invokeAt(
      @Nullable Site site, @Nullable Object function, @Nullable Object... args) {
    if (javaDepth >= JAVA_DEPTH_MAX) {
      throw Ops.error(site, "C stack overflow");
    }
    if ((height += 8) > heightMax) {
      height -= 8;
      return enterDeep(site, 8, () -> invokeAt(site, function, args));
    }
    javaDepth++;
    Object result = call(site, function, args);
    javaDepth--;
    height -= 8;
    return result;
  }

  /** What an error must restore before a script goes on. */
  record Mark(int depth, int heldTop, int javaDepth, int height) {}

  Mark mark() {
    return new Mark(depth, heldTop, javaDepth, height);
  }

  void unwindTo(Mark mark) {
    Arrays.fill(frames, mark.depth + 1, Math.min(depth + 2, frames.length), null);
    Arrays.fill(held, mark.heldTop, heldTop, null);
    depth = mark.depth;
    heldTop = mark.heldTop;
    javaDepth = mark.javaDepth;
    height = mark.height;
    tailFunction = null;
    tailArgs = Expr.EMPTY;
  }

  /** Accounts for Java recursion, on a thread with a larger stack where this one has no room. */
  @Nullable Object recurse(int frames, Supplier<@Nullable Object> body) {
    if ((height += frames) > heightMax) {
      height -= frames;
      return enterDeep(null, frames, () -> recurse(frames, body));
    }
    Object result = body.get();
    height -= frames;
    return result;
  }

  private @Nullable Object enterDeep(
      @Nullable Site site, int more, Supplier<@Nullable Object> body) {
    int max = coroutine == null ? HEIGHT_OF_DEEP_THREAD : HEIGHT_OF_DEEP_THREAD / 16;
    if (deep || height + more > max) {
      throw Ops.error(site, "stack overflow");
    }
    work(COST_OF_DEEP_THREAD);
    deep = true;
    heightMax = max;
    try {
      return DeepThread.run(
          coroutine == null ? BYTES_OF_DEEP_STACK : BYTES_OF_DEEP_STACK / 16, body);
    } finally {
      deep = false;
      heightMax = HEIGHT_OF_THREAD;
    }
  }

  // Errors

  /** Returns "chunk:line: " of the function at a level: 1 is the caller of the running one. */
  public String where(int level) {
    int d = depth - level + 1;
    Site site = level > 0 && d > 0 ? sites[d] : null;
    return site == null ? "" : site.prefix();
  }

  /** Puts the position of the function at a level, as in {@link #where}, in front of a text. */
  LuaString withPosition(int level, LuaString text) {
    byte[] prefix = where(level).getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(prefix, prefix.length + text.length());
    System.arraycopy(text.bytes, 0, all, prefix.length, text.length());
    return newString(all);
  }

  /**
   * After {@link #run} has failed: the place of the call to the Java function that raised the
   * error, as in {@link #where}. Null if a script's own code raised it; then its text begins with
   * the place.
   */
  public @Nullable String raisedAt() {
    return depth > 0 && frames[depth] == null ? where(1) : null;
  }

  /** Returns an error with the position of the script's call to the running Java function. */
  public LuaError error(String message) {
    return new LuaError(where(1) + message);
  }

  /** Returns the error of an argument of the running Java function, counted from 1. */
  public LuaError argumentError(int argument, String message) {
    Site site = depth > 0 ? sites[depth] : null;
    int number = argument;
    String name = site == null || site.calledName == null ? "?" : site.calledName;
    if (site != null && site.isMethod) {
      number--;
      if (number == 0) {
        return error("calling '" + name + "' on bad self (" + message + ")");
      }
    }
    return error("bad argument #" + number + " to '" + name + "' (" + message + ")");
  }

  // Coroutines

  /** Switches the stacks, which a coroutine has of its own. */
  void swap(LuaCoroutine.Stack stack) {
    @Nullable Site[] oldSites = sites;
    @Nullable Object[][] oldFrames = frames;
    @Nullable Object[] oldHeld = held;
    int oldDepth = depth;
    int oldHeldTop = heldTop;
    int oldHeight = height;
    int oldHeightMax = heightMax;
    boolean oldDeep = deep;
    sites = stack.sites;
    frames = stack.frames;
    held = stack.held;
    depth = stack.depth;
    heldTop = stack.heldTop;
    height = stack.height;
    heightMax = stack.heightMax == 0 ? HEIGHT_OF_THREAD : stack.heightMax;
    deep = stack.deep;
    stack.sites = oldSites;
    stack.frames = oldFrames;
    stack.held = oldHeld;
    stack.depth = oldDepth;
    stack.heldTop = oldHeldTop;
    stack.height = oldHeight;
    stack.heightMax = oldHeightMax;
    stack.deep = oldDeep;
  }

  void started(LuaCoroutine started) {
    List<LuaCoroutine> all = coroutines;
    if (all == null) {
      all = new ArrayList<>();
      coroutines = all;
    }
    if (all.size() >= LuaCoroutine.MAX_SUSPENDED) {
      throw error("too many coroutines");
    }
    all.add(started);
  }

  void ended(LuaCoroutine ended) {
    if (coroutines != null) {
      coroutines.remove(ended);
    }
  }

  private void endCoroutines() {
    if (coroutines != null) {
      for (LuaCoroutine left : List.copyOf(coroutines)) {
        left.end();
      }
    }
  }
}
