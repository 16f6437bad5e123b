package dev.rookery.lua;

/**
 * A compiled script. Immutable: compile it once and run it in any number of calls, on any number of
 * threads.
 */
public final class LuaChunk {
  final Proto proto;

  private LuaChunk(Proto proto) {
    this.proto = proto;
  }

  /**
   * Compiles a script.
   *
   * @param name what precedes the line in messages, such as {@code user_script}
   * @param source the text of the script
   * @throws LuaSyntaxException if it is no Lua 5.1
   */
  public static LuaChunk compile(String name, byte[] source) throws LuaSyntaxException {
    // The first pass finds out which local variables closures capture, so that the second one
    // knows of each variable from the start whether it needs a cell.
    Parser first = new Parser(name, source, null);
    first.parseChunk();
    return new LuaChunk(new Parser(name, source, first.captured()).parseChunk());
  }
}
