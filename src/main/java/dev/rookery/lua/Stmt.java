package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** A statement as a node that executes itself. */
abstract class Stmt {
  /** What a statement returns that leaves its loop. */
  static final Object BREAK = new Object();

  /** What a statement returns that left a tail call in the call. */
  static final Object TAIL = new Object();

  /** The result of {@code return nil}. Null means that the next statement follows. */
  static final Object[] NIL = new Object[1];

  final int height;

  Stmt(int height) {
    this.height = height;
  }

  /** Returns null to go on, {@link #BREAK}, {@link #TAIL}, or the result of the function. */
  abstract @Nullable Object exec(LuaCall c, @Nullable Object[] f);

  /** Several statements in a row. */
  static final class Block extends Stmt {
    static final Block EMPTY = new Block(new Stmt[0]);

    private final Stmt[] statements;

    Block(Stmt[] statements) {
      super(highest(statements) + 1);
      this.statements = statements;
    }

    static Stmt of(Stmt[] statements) {
      return statements.length == 1 ? statements[0] : new Block(statements);
    }

    private static int highest(Stmt[] statements) {
      int max = 0;
      for (Stmt statement : statements) {
        max = Math.max(max, statement.height);
      }
      return max;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      for (Stmt statement : statements) {
        Object result = statement.exec(c, f);
        if (result != null) {
          return result;
        }
      }
      return null;
    }
  }
}
