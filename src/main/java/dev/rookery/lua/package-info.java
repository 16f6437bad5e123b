/**
 * An interpreter of Lua 5.1 for scripts that nobody has reviewed. Depends on the JDK alone and
 * knows nothing of Redis: the package that binds it adds its own functions.
 *
 * <p>{@link dev.rookery.lua.LuaChunk} compiles a script once; any number of threads share the
 * result. {@link dev.rookery.lua.LuaCall} runs it with {@link dev.rookery.lua.LuaLimits}: time,
 * instructions, memory and depth of a call are bounded, and no script can catch the end of a call
 * that reached one of them. The library tables are built once and are read-only.
 *
 * <p>Values are Java objects: {@code null} is nil, {@link java.lang.Boolean}, {@link
 * java.lang.Double}, {@link dev.rookery.lua.LuaString}, {@link dev.rookery.lua.LuaTable}, {@link
 * dev.rookery.lua.LuaFunction}, {@link dev.rookery.lua.LuaUserdata} and {@link
 * dev.rookery.lua.LuaCoroutine}. A function returns one value as it is, and several (or none) as an
 * {@code Object[]}.
 */
@NullMarked
package dev.rookery.lua;

import org.jspecify.annotations.NullMarked;
