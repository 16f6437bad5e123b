package dev.rookery.lua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The basic functions. Those that reach files, standard output or bytecode are absent. */
final class BaseLibrary {
  static final LuaFunction NEXT = LuaFunction.of(BaseLibrary::next);
  static final LuaFunction IPAIRS_NEXT = LuaFunction.of(BaseLibrary::ipairsNext);

  private static final int RESULTS_MAX = 8000;
  private static final int COST_OF_CATCH = 20;

  private BaseLibrary() {}

  static void addTo(LuaTable g) {
    g.set("_VERSION", LuaString.of("Lua 5.1"));
    g.set("assert", LuaFunction.of(BaseLibrary::assertTrue));
    g.set("collectgarbage", LuaFunction.of(BaseLibrary::collectGarbage));
    g.set("error", LuaFunction.of(BaseLibrary::error));
    g.set("gcinfo", LuaFunction.of((_, _) -> LuaNumber.of(64)));
    g.set("getfenv", LuaFunction.of(Environments::getEnvironment));
    g.set("getmetatable", LuaFunction.of(BaseLibrary::getMetatable));
    g.set(
        "ipairs",
        LuaFunction.of((c, a) -> new Object[] {IPAIRS_NEXT, Args.table(c, a, 0), LuaNumber.of(0)}));
    g.set("load", LuaFunction.of(BaseLibrary::load));
    g.set("loadstring", LuaFunction.of(BaseLibrary::loadString));
    g.set("next", NEXT);
    g.set("pairs", LuaFunction.of(BaseLibrary::pairs));
    g.set("pcall", LuaFunction.of(BaseLibrary::pcall));
    g.set(
        "rawequal", LuaFunction.of((c, a) -> Ops.rawEquals(Args.any(c, a, 0), Args.any(c, a, 1))));
    g.set("rawget", LuaFunction.of((c, a) -> Args.table(c, a, 0).get(Args.any(c, a, 1))));
    g.set("rawset", LuaFunction.of(BaseLibrary::rawSet));
    g.set("select", LuaFunction.of(BaseLibrary::select));
    g.set("setfenv", LuaFunction.of(Environments::setEnvironment));
    g.set("setmetatable", LuaFunction.of(BaseLibrary::setMetatable));
    g.set("tonumber", LuaFunction.of(BaseLibrary::toNumber));
    g.set("tostring", LuaFunction.of((c, a) -> Ops.tostring(c, Args.any(c, a, 0))));
    g.set("type", LuaFunction.of((c, a) -> LuaString.of(Ops.typeName(Args.any(c, a, 0)))));
    g.set("unpack", LuaFunction.of(BaseLibrary::unpack));
    g.set("xpcall", LuaFunction.of(BaseLibrary::xpcall));
  }

  static @Nullable Object[] prepend(@Nullable Object first, @Nullable Object result) {
    if (!(result instanceof Object[] values)) {
      return new @Nullable Object[] {first, result};
    }
    @Nullable Object[] all = new Object[values.length + 1];
    all[0] = first;
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }

  static @Nullable Object[] rest(@Nullable Object[] args, int from) {
    return args.length <= from ? Expr.EMPTY : Arrays.copyOfRange(args, from, args.length);
  }

  private static @Nullable Object assertTrue(LuaCall c, @Nullable Object[] args) {
    if (Ops.truthy(Args.any(c, args, 0))) {
      return args;
    }
    LuaString text = Args.string(c, args, 1, LuaString.of("assertion failed!"));
    throw new LuaError((Object) c.withPosition(1, text.cString()));
  }

  private static Object collectGarbage(LuaCall c, @Nullable Object[] args) {
    String option = Args.string(c, args, 0, LuaString.of("collect")).toString();
    return switch (option) {
      case "collect", "stop", "restart" -> LuaNumber.of(0);
      case "count" -> LuaNumber.of(64);
      case "step" -> true;
      case "setpause", "setstepmul" -> LuaNumber.of(200);
      default -> throw c.argumentError(1, "invalid option '" + option + "'");
    };
  }

  private static Object error(LuaCall c, @Nullable Object[] args) {
    Object value = Args.get(args, 0);
    int level = Args.int32(c, args, 1, 1);
    LuaString text = Ops.toText(value);
    if (text != null && level > 0) {
      value = c.withPosition(level, text);
    }
    throw new LuaError(value);
  }

  private static @Nullable Object getMetatable(LuaCall c, @Nullable Object[] args) {
    LuaTable metatable = Ops.metatableOf(c, Args.any(c, args, 0));
    if (metatable == null) {
      return null;
    }
    Object hidden = metatable.get(MetaNames.METATABLE);
    return hidden == null ? metatable : hidden;
  }

  private static Object setMetatable(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    if (args.length < 2 || args[1] != null && !(args[1] instanceof LuaTable)) {
      throw c.argumentError(2, "nil or table expected");
    }
    if (table.metatable != null && table.metatable.get(MetaNames.METATABLE) != null) {
      throw c.error("cannot change a protected metatable");
    }
    if (table.readOnly) {
      throw new LuaError("Attempt to modify a readonly table");
    }
    table.metatable = (LuaTable) args[1];
    return table;
  }

  private static Object pairs(LuaCall c, @Nullable Object[] args) {
    @Nullable Object[] triple = {NEXT, Args.table(c, args, 0), null};
    return triple;
  }

  private static @Nullable Object next(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    int position = table.positionOfKey(Args.get(args, 1));
    if (position == -2) {
      throw new LuaError("invalid key to 'next'");
    }
    int before = position;
    position = table.nextPosition(position);
    // Cleared slots are skipped one by one.
    c.work((position < 0 ? table.capacity() : position) - before >> 4);
    return position < 0 ? null : new Object[] {table.keyAt(position), table.valueAt(position)};
  }

  private static @Nullable Object ipairsNext(LuaCall c, @Nullable Object[] args) {
    int i = Args.int32(c, args, 1) + 1;
    Object value = Args.table(c, args, 0).get(i);
    return value == null ? null : new Object[] {LuaNumber.of(i), value};
  }

  private static Object rawSet(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    Ops.rawSet(table, Args.any(c, args, 1), Args.any(c, args, 2), null);
    return table;
  }

  private static @Nullable Object select(LuaCall c, @Nullable Object[] args) {
    if (Args.get(args, 0) instanceof LuaString s && s.length() > 0 && s.at(0) == '#') {
      return LuaNumber.of(args.length - 1);
    }
    int n = args.length;
    int i = Args.int32(c, args, 0);
    if (i < 0) {
      i += n;
    } else if (i > n) {
      i = n;
    }
    if (i < 1) {
      throw c.argumentError(1, "index out of range");
    }
    if (n - i == 1) {
      return args[i];
    }
    c.work(n - i >> 3);
    return rest(args, i);
  }

  private static @Nullable Object toNumber(LuaCall c, @Nullable Object[] args) {
    int base = Args.int32(c, args, 1, 10);
    Ops.accountForText(c, Args.get(args, 0));
    if (base == 10) {
      return Ops.toNumber(Args.any(c, args, 0));
    }
    LuaString text = Args.string(c, args, 0);
    if (base < 2 || base > 36) {
      throw c.argumentError(2, "base out of range");
    }
    return parse(text.bytes, base);
  }

  /** Reads as C's strtoul does, which accepts a sign. */
  private static @Nullable Double parse(byte[] b, int base) {
    int i = 0;
    while (i < b.length && NumberReader.isSpace(b[i])) {
      i++;
    }
    boolean negative = i < b.length && b[i] == '-';
    if (negative || i < b.length && b[i] == '+') {
      i++;
    }
    if (base == 16 && i + 2 < b.length && b[i] == '0' && (b[i + 1] | 0x20) == 'x') {
      i += 2;
    }
    int start = i;
    long value = 0;
    boolean overflow = false;
    for (; i < b.length && Character.digit(b[i], base) >= 0; i++) {
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L, base)) > 0;
      value = value * base + Character.digit(b[i], base);
    }
    if (i == start) {
      return null;
    }
    while (i < b.length && NumberReader.isSpace(b[i])) {
      i++;
    }
    if (i < b.length && b[i] != 0) {
      return null;
    }
    long result = overflow ? -1L : negative ? -value : value;
    return LuaNumber.of(unsigned(result));
  }

  static double unsigned(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  private static @Nullable Object unpack(LuaCall c, @Nullable Object[] args) {
    LuaTable table = Args.table(c, args, 0);
    int i = Args.int32(c, args, 1, 1);
    int e = args.length > 2 && args[2] != null ? Args.int32(c, args, 2) : table.length();
    if (i > e) {
      return Expr.EMPTY;
    }
    long n = (long) e - i + 1;
    if (n > RESULTS_MAX - args.length) {
      throw c.error("too many results to unpack");
    }
    c.work((int) n >> 3);
    @Nullable Object[] values = new Object[(int) n];
    for (int k = 0; k < values.length; k++) {
      values[k] = table.get(i + k);
    }
    return values;
  }

  private static Object pcall(LuaCall c, @Nullable Object[] args) {
    Object function = Args.any(c, args, 0);
    LuaCall.Mark mark = c.mark();
    try {
      return prepend(true, c.invoke(function, rest(args, 1)));
    } catch (LuaError e) {
      c.unwindTo(mark);
      c.work(COST_OF_CATCH);
      @Nullable Object[] failed = {false, e.value()};
      return failed;
    }
  }

  private static Object xpcall(LuaCall c, @Nullable Object[] args) {
    Object handler = Args.any(c, args, 1);
    LuaCall.Mark mark = c.mark();
    try {
      return prepend(true, c.invoke(args[0], Expr.EMPTY));
    } catch (LuaError e) {
      c.unwindTo(mark);
      c.hold(e.value());
      try {
        @Nullable Object[] failed = {false, Expr.first(c.invoke(handler, e.value()))};
        c.release();
        return failed;
      } catch (LuaError _) {
        c.unwindTo(mark);
        return new Object[] {false, LuaString.of("error in error handling")};
      }
    }
  }

  // Loading

  private static Object loadString(LuaCall c, @Nullable Object[] args) {
    LuaString source = Args.string(c, args, 0);
    return load(c, source, Args.string(c, args, 1, source));
  }

  private static Object load(LuaCall c, @Nullable Object[] args) {
    LuaFunction reader = Args.function(c, args, 0);
    LuaString name = Args.string(c, args, 1, LuaString.of("=(load)"));
    ByteBuilder source = new ByteBuilder(c, 64);
    c.hold(source);
    LuaCall.Mark mark = c.mark();
    try {
      read(c, reader, source);
    } catch (LuaError e) {
      c.unwindTo(mark);
      c.release();
      @Nullable Object[] failed = {null, e.value()};
      return failed;
    }
    c.release();
    return load(c, source.toLuaString(), name);
  }

  private static void read(LuaCall c, LuaFunction reader, ByteBuilder source) {
    while (true) {
      c.tick();
      Object piece = Expr.first(c.invoke(reader));
      LuaString text = Ops.toText(piece);
      if (piece == null || text != null && text.length() == 0) {
        return;
      }
      if (text == null) {
        throw c.error("reader function must return a string");
      }
      source.add(text);
    }
  }

  private static Object load(LuaCall c, LuaString source, LuaString name) {
    // Nodes take many times the memory of their text.
    c.allocate(source.length() * 40L);
    c.work(200 + source.length() * 4);
    try {
      LuaChunk chunk = LuaChunk.compile(Lexer.displayName(name.toLatin1()), source.bytes);
      return new LuaClosure(chunk.proto, new Cell[0], c.globals);
    } catch (LuaSyntaxException e) {
      @Nullable Object[] failed = {null, LuaString.of(String.valueOf(e.getMessage()))};
      return failed;
    }
  }
}
