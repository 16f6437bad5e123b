package dev.rookery.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile scripts end at the limits of their call, whatever they catch. */
final class LuaLimitsTest {
  private static final LuaLibraries LIBRARIES = LuaLibraries.frozen(Map.of());
  private static final LuaLimits SMALL = new LuaLimits(0, 3_000_000, 8 << 20);

  private static LuaChunk compile(String script) {
    try {
      return LuaChunk.compile("script", script.getBytes(StandardCharsets.ISO_8859_1));
    } catch (LuaSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Object[] run(String script, LuaLimits limits) {
    return new LuaCall(LIBRARIES, limits).run(compile(script));
  }

  private static LuaLimitExceeded.Limit reached(String script, LuaLimits limits) {
    return catchThrowableOfType(LuaLimitExceeded.class, () -> run(script, limits)).limit();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while true do end",
        "repeat until false",
        "for i = 1, math.huge do end",
        "while true do pcall(function() while true do end end) end",
        "while true do pcall(error) end",
        "while true do xpcall(error, function() while true do end end) end",
        "local function f() return f() end f()",
        "local function f() return pcall(f) end while true do f() end",
        "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
        "return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
        "return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40))",
        "return ('x'):rep(100000):find(('.-'):rep(20) .. 'y')",
        "return ('x'):rep(100000):find(('x*'):rep(20) .. 'y')",
        "return ('('):rep(200000):find(('%b()'):rep(10))",
        "while true do ('x'):rep(10000):gsub('.', '%0') end",
        "('x'):rep(1000):gsub('.', function() while true do end end)",
        "for _ in ('x'):rep(10):gmatch('x') do while true do end end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "local t = {} for i = 1, 1000 do t[i] = i end while true do table.sort(t) end",
        "local t = {} for i = 1, 10000 do t[i] = 'x' end while true do table.concat(t) end",
        "local t = {1} while true do table.insert(t, 1, 1) table.remove(t, 1) end",
        "while true do string.rep('x', 1000000) end",
        "while true do cjson.decode('[1,2,3]') end",
        "local t = {1, {2}, {x = 3}} while true do cjson.encode(t) end",
        "local t = {1, {2}, {x = 3}} while true do cmsgpack.unpack(cmsgpack.pack(t)) end",
        "while true do string.format('%99.99f', 1e300) end",
        "while true do loadstring('return 1') end",
        "local function f() return coroutine.wrap(f)() end while true do pcall(f) end",
        "coroutine.wrap(function() pcall(function() while true do end end) end)()",
        "local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end",
        "table.foreach({1}, function() while true do end end)",
        "local t = {} for i = 1, 50000 do t[i] = 1 end for i = 1, 50000 do t[i] = nil end while"
            + " true do next(t) end",
        "local t = {} for i = 1, 1024 do t['k' .. i] = i end local i = 1024 while true do t['k' .."
            + " i - 1023] = nil i = i + 1 t['k' .. i] = i end",
        "local a, b = ('x'):rep(1e6), ('x'):rep(1e6) while a == b and a <= b do end",
        "local s = ('1'):rep(1e6) while true do tonumber(s) end",
        "local i = 0 load(function() i = i + 1 while true do end end)",
        "local function f(...) return f(1, ...) end f()",
        "local t = {} for i = 1, 7000 do t[i] = i end while true do select('#', unpack(t)) end",
      })
  void stopsEndlessWork(String script) {
    assertThat(reached(script, new LuaLimits(0, 300_000, 8 << 20)))
        .isEqualTo(LuaLimitExceeded.Limit.INSTRUCTIONS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local s = 'x' while true do s = s .. s end",
        "while true do pcall(function() local s = 'x' while true do s = s .. s end end) end",
        "return string.rep('x', 1e9)",
        "return string.rep('x', 2 ^ 31 - 1)",
        "return ('x'):rep(1e6):rep(1e3)",
        "return (('x'):rep(7e6)):upper() .. 'x'",
        "local t = {} local i = 0 while true do i = i + 1 t[i] = i end",
        "local t = {} local i = 0 while true do i = i + 1 t['k' .. i] = i end",
        "local t = {} local i = 0 while true do i = i + 1 t[i * 1.5] = i end",
        "local t = {} while true do t = {t} end",
        "local t = {} while true do t[#t + 1] = {} end",
        "local t = {} while true do t[#t + 1] = function() return t end end",
        "local t = {} while true do t[#t + 1] = ('x'):rep(100) .. #t end",
        "local f while true do local g = f f = function() return g end end",
        "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
        "local s = ('x'):rep(100000) local function f(n) return (s .. n) .. f(n + 1) end f(1)",
        "local s = ('x'):rep(100000) local function f(n) return s .. n, f(n + 1) end f(1)",
        "local s = ('x'):rep(100000) local function f(n) return {s .. n, f(n + 1)} end f(1)",
        "local s = ('x'):rep(100000) local function f(n) return s .. n == f(n + 1) end f(1)",
        "local s = ('x'):rep(100000) local function f(n) local t = {} t[s .. n] = f(n + 1) end"
            + " f(1)",
        "local s = ('x'):rep(100000) local function f(n) return ('x'):rep(1, s .. n, f(n + 1)) end"
            + " f(1)",
        "local function f(n) ('x'):rep(100000):gsub('x', function() f(n + 1) end) end f(1)",
        "local s = ('x'):rep(100000) coroutine.wrap(function() local t = {} while true do t[#t + 1]"
            + " = s .. #t end end)()",
        "return ('x'):rep(1e6):gsub('.', ('y'):rep(1000))",
        "return ('x'):rep(1000):gsub('x', {x = ('y'):rep(100000)})",
        "local t = {} for i = 1, 100 do t[i] = ('x'):rep(60000) end return table.concat(t) .."
            + " table.concat(t)",
        "local t = {1} for i = 1, 40 do t = {t, t} end return cjson.encode(t)",
        "return cjson.encode(('\\1'):rep(2e6))",
        "return cmsgpack.pack(('x'):rep(3e6), ('x'):rep(3e6), ('x'):rep(3e6))",
        "load(function() return ('x '):rep(1000) end)",
        "local t = {} while true do t[#t + 1] = {string.byte(('x'):rep(7000), 1, 7000)} end",
        "local t = {} setmetatable(t, {__index = function(t, k) return ('x'):rep(1e6) .. t[k + 1]"
            + " end}) return t[1]",
      })
  void stopsGrowth(String script) {
    assertThat(reached(script, SMALL)).isEqualTo(LuaLimitExceeded.Limit.MEMORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local function f() return 1 + f() end return f()",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end"
            + " return t.x",
        "local mt = {} mt.__concat = function(a, b) return a .. b end local t = setmetatable({},"
            + " mt) return t .. t",
        "local mt = {} mt.__eq = function(a, b) return a == b end return setmetatable({}, mt) =="
            + " setmetatable({}, mt)",
        "local mt = {} mt.__lt = function(a, b) return a < b end return setmetatable({}, mt) <"
            + " setmetatable({}, mt)",
        "local t = setmetatable({}, {}) getmetatable(t).__call = t return t()",
        "local function f() return tostring(setmetatable({}, {__tostring = f})) end return f()",
        "local function f() ('x'):gsub('x', f) end f()",
        "local function f() table.sort({1, 2}, f) end f()",
        "local function f() return coroutine.wrap(f)() end f()",
        "return string.rep('(', 300):find(string.rep('(', 300))",
        "return cjson.decode(('['):rep(100000))",
        "return cmsgpack.unpack(('\\145'):rep(100000))",
        "local t = {} for i = 1, 2000 do t = {t} end return cjson.encode(t)",
        "local function f(x) return {f({x})} end return f(1)",
      })
  void reportsDeepRecursionAsAnError(String script) {
    assertThatThrownBy(() -> run(script, new LuaLimits(0, 20_000_000, 64 << 20)))
        .isInstanceOf(LuaError.class);
    String caught = "return pcall(function() " + script + " end)";
    assertThat(run(caught, new LuaLimits(0, 20_000_000, 64 << 20))[0]).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for i = 1, 20000 do local s = ('x'):rep(10000) end return 1",
        "for i = 1, 20000 do local t = {} for j = 1, 10 do t[j] = j end end return 1",
        "local s = '' for i = 1, 3000 do s = s .. 'xxxxxxxxxx' end return #s",
        "for i = 1, 5000 do cjson.decode(cjson.encode({i, 'x', {y = i}})) end return 1",
        "for i = 1, 1500 do local f = coroutine.wrap(function() coroutine.yield(1) end) f() f() end"
            + " return 1",
        "local t = {} for i = 1, 100000 do t[i % 100] = ('x'):rep(100) end return 1",
      })
  void doesNotCountGarbage(String script) {
    assertThat(run(script, new LuaLimits(0, 0, 8 << 20))).hasSize(1);
  }

  @Test
  void endsAtTheDeadline() {
    assertThat(reached("while true do pcall(error) end", new LuaLimits(1_000_000, 0, 8 << 20)))
        .isEqualTo(LuaLimitExceeded.Limit.TIME);
  }

  @Test
  void endsWhenItIsCancelled() {
    LuaChunk chunk = compile("started() while true do end");
    LuaCall call = new LuaCall(LIBRARIES, new LuaLimits(0, 0, 8 << 20));
    call.setGlobal(
        "started",
        LuaFunction.of(
            (_, _) -> {
              Thread.ofVirtual().start(call::cancel);
              return null;
            }));
    assertThat(catchThrowableOfType(LuaLimitExceeded.class, () -> call.run(chunk)).limit())
        .isEqualTo(LuaLimitExceeded.Limit.CANCELLED);
  }

  @Test
  void endsCoroutinesWithTheCall() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    LuaCall call = new LuaCall(LIBRARIES, SMALL);
    call.setGlobal(
        "started",
        LuaFunction.of(
            (_, _) -> {
              threads.add(Thread.currentThread());
              return null;
            }));
    call.run(
        compile(
            "for i = 1, 500 do coroutine.wrap(function() started() coroutine.yield() end)() end"));
    assertThat(threads).hasSize(500).doesNotContain(Thread.currentThread());
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  /** Lua hashes a part of a long string, so scripts can choose keys that collide. */
  @Test
  void countsTheWorkOfFindingKeysThatCollide() {
    String script =
        """
        local keys, t = {}, {}
        for i = 1, 3000 do
          keys[i] = string.char(i % 250, i / 250) .. ('x'):rep(64)
          t[keys[i]] = i
        end
        for round = 1, rounds do
          for i = 1, 3000 do local found = t[keys[i]] end
        end
        """;
    assertThat(reached("local rounds = 8 " + script, new LuaLimits(0, 2_500_000, 8 << 20)))
        .isEqualTo(LuaLimitExceeded.Limit.INSTRUCTIONS);
    assertThat(run("local rounds = 0 " + script, new LuaLimits(0, 2_500_000, 8 << 20))).isEmpty();
  }

  @Test
  void boundsTheCoroutinesOfACall() {
    assertThatThrownBy(
            () ->
                run(
                    "local t = {} for i = 1, 2000 do t[i] = coroutine.wrap(function()"
                        + " coroutine.yield() end) t[i]() end",
                    new LuaLimits(0, 0, 64 << 20)))
        .hasMessageContaining("too many coroutines");
  }

  @Test
  void recursesAsDeepAsRedisOnAThreadWithASmallStack() throws InterruptedException {
    Object[][] results = new Object[1][];
    Thread thread =
        new Thread(
            null,
            () ->
                results[0] =
                    run(
                        "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end"
                            + " return f(16000)",
                        LuaLimits.DEFAULT),
            "small",
            1 << 20);
    thread.start();
    thread.join();
    assertThat(results[0]).containsExactly(16000.0);
  }
}
