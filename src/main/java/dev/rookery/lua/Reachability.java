package dev.rookery.lua;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory of all values that a call still reaches: from its global variables, the
 * frames and held values of its stacks. Read-only tables belong to all calls and do not count.
 */
final class Reachability {
  private static final AtomicInteger MARKS = new AtomicInteger();
  private static final int BYTES_OF_SLOT = 24;
  private static final int BYTES_OF_COROUTINE = 1024;
  private static final int BYTES_OF_THREAD = 4096;

  private final LuaCall call;
  private final @Nullable List<LuaCoroutine> coroutines;
  private final int mark = MARKS.incrementAndGet();
  private final ArrayDeque<Object> open = new ArrayDeque<>();
  private long bytes;

  Reachability(LuaCall call, @Nullable List<LuaCoroutine> coroutines) {
    this.call = call;
    this.coroutines = coroutines;
  }

  long measure() {
    visitAll(call.globals.values);
    visitStack(call.frames, call.depth, call.held, call.heldTop);
    visitAll(call.tailArgs);
    if (coroutines != null) {
      for (LuaCoroutine coroutine : coroutines) {
        visit(coroutine);
        bytes += BYTES_OF_THREAD;
      }
    }
    Object next;
    while ((next = open.poll()) != null) {
      expand(next);
    }
    return bytes;
  }

  private void visitStack(
      @Nullable Object[][] frames, int depth, @Nullable Object[] held, int heldTop) {
    for (int i = 1; i <= depth && i < frames.length; i++) {
      Object[] frame = frames[i];
      if (frame != null) {
        visitArray(frame);
      }
    }
    for (int i = 0; i < heldTop; i++) {
      visit(held[i]);
    }
  }

  private void visitArray(@Nullable Object[] values) {
    bytes += 16 + (long) values.length * BYTES_OF_SLOT;
    visitAll(values);
  }

  private void visitAll(@Nullable Object[] values) {
    for (Object value : values) {
      visit(value);
    }
  }

  private void visit(@Nullable Object value) {
    switch (value) {
      case LuaString s -> {
        if (s.mark != mark) {
          s.mark = mark;
          bytes += LuaCall.BYTES_OF_STRING + s.length();
        }
      }
      case LuaTable t -> {
        if (t.mark != mark && !t.readOnly) {
          t.mark = mark;
          open.add(t);
        }
      }
      case LuaClosure f -> {
        if (f.mark != mark) {
          f.mark = mark;
          open.add(f);
        }
      }
      case Cell cell -> {
        if (cell.mark != mark) {
          cell.mark = mark;
          bytes += 16;
          open.add(cell);
        }
      }
      case LuaCoroutine coroutine -> {
        if (coroutine.mark != mark) {
          coroutine.mark = mark;
          open.add(coroutine);
        }
      }
      case Object[] values -> open.add(values);
      case ByteBuilder builder -> bytes += builder.capacity();
      case LuaCoroutine.Wrapper wrapper -> visit(wrapper.coroutine);
      case null, default -> {}
    }
  }

  private void expand(Object value) {
    switch (value) {
      case LuaTable t -> {
        bytes += t.estimatedBytes();
        visitAll(t.array);
        visitAll(t.keys);
        visitAll(t.values);
        visit(t.metatable);
      }
      case LuaClosure f -> {
        bytes += 48 + 8L * f.upvalues.length;
        visitAll(f.upvalues);
        visit(f.environment);
      }
      case Cell cell -> visit(cell.value);
      case LuaCoroutine coroutine -> {
        bytes += BYTES_OF_COROUTINE;
        visit(coroutine.function);
        LuaCoroutine.Stack stack = coroutine.stack;
        visitStack(stack.frames, stack.depth, stack.held, stack.heldTop);
      }
      case Object[] values -> visitArray(values);
      default -> {}
    }
  }
}
