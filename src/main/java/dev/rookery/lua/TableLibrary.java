package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The library {@code table}. It works on the raw entries, as in Lua 5.1. */
final class TableLibrary {
  private TableLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("concat", LuaFunction.of(TableLibrary::concat));
    t.set("foreach", LuaFunction.of(TableLibrary::forEach));
    t.set("foreachi", LuaFunction.of(TableLibrary::forEachIndex));
    t.set("getn", LuaFunction.of((c, a) -> LuaNumber.of(Args.table(c, a, 0).length())));
    t.set("insert", LuaFunction.of(TableLibrary::insert));
    t.set("maxn", LuaFunction.of(TableLibrary::maxIndex));
    t.set("remove", LuaFunction.of(TableLibrary::remove));
    t.set(
        "setn",
        LuaFunction.of(
            (c, a) -> {
              Args.table(c, a, 0);
              throw c.error("'setn' is obsolete");
            }));
    t.set("sort", LuaFunction.of(TableSort::sort));
    return t;
  }

  private static void checkWritable(LuaTable table) {
    if (table.readOnly) {
      throw new LuaError("Attempt to modify a readonly table");
    }
  }

  private static Object concat(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    LuaString separator = Args.string(c, args, 1, LuaString.EMPTY);
    int i = Args.int32(c, args, 2, 1);
    int last = Args.get(args, 3) == null ? table.length() : Args.int32(c, args, 3);
    if (i > last) {
      return LuaString.EMPTY;
    }
    ByteBuilder out = new ByteBuilder(c, 64);
    for (long k = i; k <= last; k++) {
      c.tick();
      Object value = table.get((double) k);
      LuaString text = Ops.toText(value);
      if (text == null) {
        throw c.error(
            "invalid value (" + Ops.typeName(value) + ") at index " + k + " in table for 'concat'");
      }
      out.add(text);
      if (k < last) {
        out.add(separator);
      }
    }
    return out.toLuaString();
  }

  private static @Nullable Object forEach(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    LuaFunction function = Args.function(c, args, 1);
    int at = table.nextPosition(-1);
    while (at >= 0) {
      c.tick();
      Object key = table.keyAt(at);
      Object result = Expr.first(c.invoke(function, key, table.valueAt(at)));
      if (result != null) {
        return result;
      }
      int position = table.positionOfKey(key);
      if (position == -2) {
        throw new LuaError("invalid key to 'next'");
      }
      at = table.nextPosition(position);
    }
    return Expr.EMPTY;
  }

  private static @Nullable Object forEachIndex(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    LuaFunction function = Args.function(c, args, 1);
    int n = table.length();
    for (int i = 1; i <= n; i++) {
      c.tick();
      Object result = Expr.first(c.invoke(function, LuaNumber.of(i), table.get(i)));
      if (result != null) {
        return result;
      }
    }
    return Expr.EMPTY;
  }

  private static Object insert(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    int end = table.length() + 1;
    int position = end;
    if (args.length == 3) {
      position = Args.int32(c, args, 1);
      checkWritable(table);
      end = Math.max(end, position);
      for (int i = end; i > position; i--) {
        c.tick();
        table.set(i, table.get(i - 1));
      }
    } else if (args.length != 2) {
      throw c.error("wrong number of arguments to 'insert'");
    }
    checkWritable(table);
    table.set(position, args[args.length - 1]);
    return Expr.EMPTY;
  }

  private static Object maxIndex(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    double max = 0;
    for (int at = table.nextPosition(-1); at >= 0; at = table.nextPosition(at)) {
      c.tick();
      if (table.keyAt(at) instanceof Double d && d > max) {
        max = d;
      }
    }
    return LuaNumber.of(max);
  }

  private static @Nullable Object remove(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    int end = table.length();
    int position = Args.int32(c, args, 1, end);
    if (position < 1 || position > end) {
      return Expr.EMPTY;
    }
    checkWritable(table);
    Object removed = table.get(position);
    for (int i = position; i < end; i++) {
      c.tick();
      table.set(i, table.get(i + 1));
    }
    table.set(end, null);
    return removed;
  }
}
