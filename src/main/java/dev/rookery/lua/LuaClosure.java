package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** A function of a script, with the variables that it captured. */
final class LuaClosure extends LuaFunction {
  final Proto proto;
  final Cell[] upvalues;
  LuaTable environment;

  /** The measurement of reachable memory that counted this function last. */
  int mark;

  LuaClosure(Proto proto, Cell[] upvalues, LuaTable environment) {
    this.proto = proto;
    this.upvalues = upvalues;
    this.environment = environment;
  }

  @Override
  public @Nullable Object call(LuaCall call, @Nullable Object[] args) {
    return call.enter(null, this, proto.frame(call, this, args));
  }
}
