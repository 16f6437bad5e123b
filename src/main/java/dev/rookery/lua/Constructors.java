package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Expressions that create functions and tables. */
final class Constructors {
  private Constructors() {}

  static final class Function extends Expr {
    private final Proto proto;

    Function(Proto proto) {
      super(2);
      this.proto = proto;
    }

    @Override
    LuaClosure eval(LuaCall c, @Nullable Object[] f) {
      int[] sources = proto.upvalues;
      c.allocate(48L + 24L * sources.length);
      LuaClosure running = (LuaClosure) f[0];
      Cell[] upvalues = new Cell[sources.length];
      for (int i = 0; i < sources.length; i++) {
        int source = sources[i];
        upvalues[i] = source >= 0 ? (Cell) f[source] : running.upvalues[~source];
      }
      return new LuaClosure(proto, upvalues, running.environment);
    }

    @Override
    boolean isSimple() {
      return true;
    }
  }

  /** A table constructor. Keys are null for the elements of the list. */
  static final class Table extends Expr {
    /** Lua stores the list in groups of this many elements, between which keyed fields are set. */
    private static final int FLUSH = 50;

    private final @Nullable Expr[] keys;
    private final Expr[] values;
    private final Site[] sites;
    private final int arraySize;
    private final int hashSize;
    private final boolean listed;

    Table(@Nullable Expr[] keys, Expr[] values, Site[] sites) {
      super(highest(keys, values) + 3);
      this.keys = keys;
      this.values = values;
      this.sites = sites;
      int list = 0;
      for (Expr key : keys) {
        if (key == null) {
          list++;
        }
      }
      boolean open = keys.length > 0 && keys[keys.length - 1] == null && Calls.isMulti(values);
      this.arraySize = encodedSize(open ? list - 1 : list);
      this.hashSize = encodedSize(keys.length - list);
      this.listed = list > 0;
    }

    private static int highest(@Nullable Expr[] keys, Expr[] values) {
      int max = 0;
      for (Expr key : keys) {
        max = key == null ? max : Math.max(max, key.height);
      }
      return Math.max(max, height(values));
    }

    /** The bytecode of Lua keeps sizes as a mantissa of four bits and an exponent, rounded up. */
    private static int encodedSize(int size) {
      int mantissa = size;
      int exponent = 0;
      while (mantissa >= 16) {
        mantissa = (mantissa + 1) >> 1;
        exponent++;
      }
      return mantissa << exponent;
    }

    @Override
    LuaTable eval(LuaCall c, @Nullable Object[] f) {
      LuaTable table = c.newTable(arraySize, hashSize);
      int n = values.length;
      if (n == 0) {
        return table;
      }
      c.hold(table);
      @Nullable Object[] pending = listed ? new Object[Math.min(n, FLUSH)] : EMPTY;
      c.hold(pending);
      int waiting = 0;
      int stored = 0;
      for (int i = 0; i < n; i++) {
        Expr key = keys[i];
        if (key != null) {
          Object k = key.eval(c, f);
          if (k instanceof LuaString s) {
            table.set(s, values[i].eval(c, f));
          } else {
            setField(c, f, table, k, i);
          }
          continue;
        }
        if (waiting == FLUSH) {
          stored = store(table, pending, waiting, stored);
          waiting = 0;
        }
        if (i == n - 1 && values[i].isMulti()) {
          storeOpen(c, table, pending, waiting, stored, values[i].evalMulti(c, f));
          waiting = 0;
          break;
        }
        pending[waiting++] = values[i].eval(c, f);
      }
      store(table, pending, waiting, stored);
      c.release();
      c.release();
      return table;
    }

    private void setField(
        LuaCall c, @Nullable Object[] f, LuaTable table, @Nullable Object key, int i) {
      c.hold(key);
      Object value = values[i].eval(c, f);
      c.release();
      Ops.rawSet(table, key, value, sites[i]);
    }

    private static int store(LuaTable table, @Nullable Object[] pending, int count, int stored) {
      if (count > 0) {
        table.ensureArray(stored + count);
        for (int i = count; i > 0; i--) {
          table.set(stored + i, pending[i - 1]);
          pending[i - 1] = null;
        }
      }
      return stored + count;
    }

    private static void storeOpen(
        LuaCall c,
        LuaTable table,
        @Nullable Object[] pending,
        int count,
        int stored,
        @Nullable Object result) {
      @Nullable Object[] rest = list(result);
      c.work(rest.length >> 3);
      table.ensureArray(stored + count + rest.length);
      for (int i = rest.length; i > 0; i--) {
        table.set(stored + count + i, rest[i - 1]);
      }
      store(table, pending, count, stored);
    }
  }
}
