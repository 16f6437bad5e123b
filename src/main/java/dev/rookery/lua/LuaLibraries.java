package dev.rookery.lua;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The global variables of all calls: built once, read-only, shared by any number of calls and
 * threads.
 */
public final class LuaLibraries {
  private final LuaTable globals;
  private final LuaTable stringMetatable;

  private LuaLibraries(Map<String, LuaTable> extra) {
    LuaTable g = new LuaTable();
    BaseLibrary.addTo(g);
    g.set("bit", BitLibrary.create());
    g.set("cjson", JsonLibrary.create());
    g.set("cmsgpack", MessagePackLibrary.create());
    g.set("coroutine", CoroutineLibrary.create());
    g.set("math", MathLibrary.create());
    LuaTable os = new LuaTable();
    os.set("clock", LuaFunction.of((c, _) -> c.clock()));
    g.set("os", os);
    LuaTable string = StringLibrary.create();
    g.set("string", string);
    g.set("struct", StructLibrary.create());
    g.set("table", TableLibrary.create());
    g.set("_G", g);
    extra.forEach(g::set);
    // Room for the variables of each call, so that these need no keys of their own.
    g.set("KEYS", new LuaTable());
    g.set("ARGV", new LuaTable());
    stringMetatable = new LuaTable();
    stringMetatable.set("__index", string);
    LuaTable metatable = new LuaTable();
    metatable.set(
        "__index",
        LuaFunction.of(
            (c, args) -> {
              Object name = Args.get(args, 1);
              LuaString text = Ops.toText(name);
              throw c.error(
                  "Script attempted to access nonexistent global variable '"
                      + (text == null ? Ops.typeName(name) : text)
                      + "'");
            }));
    g.metatable = metatable;
    for (int at = g.nextPosition(-1); at >= 0; at = g.nextPosition(at)) {
      freezeTree(g.valueAt(at));
    }
    freezeTree(metatable);
    freezeTree(stringMetatable);
    globals = g;
  }

  private static void freezeTree(@Nullable Object value) {
    if (value instanceof LuaTable table && !table.readOnly) {
      table.freeze();
      for (int at = table.nextPosition(-1); at >= 0; at = table.nextPosition(at)) {
        freezeTree(table.valueAt(at));
      }
    }
  }

  /**
   * Builds the libraries of Lua and those that Redis gives to scripts, with further global tables.
   * The tables become read-only, with all tables in them.
   */
  public static LuaLibraries frozen(Map<String, LuaTable> extra) {
    return new LuaLibraries(extra);
  }

  LuaTable globals() {
    return globals;
  }

  LuaTable stringMetatable() {
    return stringMetatable;
  }
}
