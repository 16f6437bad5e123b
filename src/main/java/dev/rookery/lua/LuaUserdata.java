package dev.rookery.lua;

/** A value that scripts can only pass on and compare; {@link #NULL} stands for JSON's null. */
public final class LuaUserdata {
  /** The light userdata of a null pointer, which {@code cjson.null} is. */
  public static final LuaUserdata NULL = new LuaUserdata();

  private LuaUserdata() {}
}
