package dev.rookery.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Java code sees of a script: values, errors, sharing. */
final class LuaTest {
  private static final LuaLibraries LIBRARIES = LuaLibraries.frozen(Map.of());

  private static LuaChunk compile(String script) {
    try {
      return LuaChunk.compile("script", script.getBytes(StandardCharsets.UTF_8));
    } catch (LuaSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static LuaCall call() {
    return new LuaCall(LIBRARIES, LuaLimits.DEFAULT);
  }

  private static Object[] run(String script) {
    return call().run(compile(script));
  }

  @Test
  void returnsValuesAsJavaObjects() {
    assertThat(run("return nil, true, 1.5, 'x', {}, tostring, cjson.null"))
        .hasSize(7)
        .startsWith(null, true, 1.5, LuaString.of("x"))
        .endsWith(LuaUserdata.NULL);
  }

  @Test
  void takesArgumentsFromGlobalVariables() {
    LuaCall call = call();
    LuaTable keys = call.newTable(2, 0);
    keys.set(1, LuaString.of("a"));
    keys.set(2, call.newString(new byte[] {0, (byte) 0xff}));
    call.setGlobal("KEYS", keys);
    call.setGlobal("extra", 7.0);

    assertThat(call.run(compile("return #KEYS, KEYS[1], #KEYS[2], extra")))
        .containsExactly(2.0, LuaString.of("a"), 2.0, 7.0);
  }

  @Test
  void callsJavaFunctionsOfAFrozenTable() {
    LuaTable redis = new LuaTable();
    redis.set("twice", LuaFunction.of((_, args) -> (Double) args[0] * 2));
    redis.set("none", LuaFunction.of((_, _) -> new Object[0]));
    redis.set("two", LuaFunction.of((_, _) -> new Object[] {1.0, null}));
    LuaLibraries libraries = LuaLibraries.frozen(Map.of("redis", redis));
    LuaCall call = new LuaCall(libraries, LuaLimits.DEFAULT);

    assertThat(
            call.run(
                compile(
                    "return redis.twice(21), select('#', redis.none()), select('#', redis.two())")))
        .containsExactly(42.0, 0.0, 2.0);
    assertThatThrownBy(() -> new LuaCall(libraries, LuaLimits.DEFAULT).run(compile("redis.x = 1")))
        .isInstanceOf(LuaError.class)
        .hasMessage("script:1: Attempt to modify a readonly table");
  }

  @Test
  void callsScriptsFromJavaFunctions() {
    LuaCall call = call();
    call.setGlobal("apply", LuaFunction.of((c, args) -> c.invoke(args[0], args[1], 5.0)));

    assertThat(call.run(compile("return apply(function(a, b) return a + b end, 37)")))
        .containsExactly(42.0);
  }

  @Test
  void givesJavaErrorsThePositionOfTheScript() {
    LuaCall call = call();
    call.setGlobal(
        "fail",
        LuaFunction.of(
            (c, _) -> {
              throw c.error("no");
            }));
    LuaError error =
        catchThrowableOfType(LuaError.class, () -> call.run(compile("local x\n\nfail()")));

    assertThat(error).hasMessage("script:3: no");
    assertThat(error.chunk()).isEqualTo("script");
    assertThat(error.line()).isEqualTo(3);
  }

  @Test
  void carriesTablesAsErrors() {
    LuaError error = catchThrowableOfType(LuaError.class, () -> run("\nerror({err = 'MY code'})"));

    assertThat(error.value()).isInstanceOf(LuaTable.class);
    assertThat(((LuaTable) error.value()).get("err")).isEqualTo(LuaString.of("MY code"));
    assertThat(error.line()).isEqualTo(2);
  }

  @Test
  void keepsTheLineOfRuntimeErrors() {
    LuaError error = catchThrowableOfType(LuaError.class, () -> run("local t = {}\nreturn t.a.b"));

    assertThat(error).hasMessage("script:2: attempt to index field 'a' (a nil value)");
    assertThat(error.line()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x = = 1       | script:1: unexpected symbol near '='",
        "if true then  | script:1: 'end' expected near '<eof>'",
        "return 'abc   | script:1: unfinished string near '<eof>'",
        "for i = 1 do  | script:1: ',' expected near 'do'",
      })
  void reportsSyntaxErrors(String script, String message) {
    assertThatThrownBy(() -> LuaChunk.compile("script", script.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(LuaSyntaxException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print('x')",
        "dofile('x')",
        "loadfile('x')",
        "require('x')",
        "io.open('x')",
        "os.execute('x')",
        "string.dump(tostring)",
        "debug.getinfo(1)",
        "package.loaded.x = 1",
        "newproxy()",
        "getmetatable('').__index = {}",
        "setmetatable(getmetatable(''), {})",
        "getmetatable(_G).__index = nil",
        "rawset(string, 'x', 1)",
        "setmetatable(string, {})",
        "table.sort(math)",
        "_G.string = nil",
        "setfenv(0, {})",
        "setfenv(tostring, {})",
      })
  void refusesToLeaveTheSandbox(String script) {
    if (script.startsWith("table.sort")) {
      assertThat(run(script)).isEmpty();
    } else {
      assertThatThrownBy(() -> run(script)).isInstanceOf(LuaError.class);
    }
    assertThat(run("return ('x'):upper(), math.floor(1.5)"))
        .containsExactly(LuaString.of("X"), 1.0);
  }

  @Test
  void keepsNothingBetweenCalls() {
    assertThat(run("cjson.encode_max_depth(1) math.randomseed(5) return math.random(1e9)"))
        .hasSize(1);
    assertThat(run("return cjson.encode_max_depth(), math.random(1e9)"))
        .containsExactly(run("return 1000, math.random(1e9)"));
  }

  @Test
  void sharesAChunkAmongThreads() {
    LuaChunk chunk =
        compile(
            "local t = {} for i = 1, 200 do t['k' .. i % 20] = i end local s = 0"
                + " for _, v in pairs(t) do s = s + v end return s, cjson.encode({s})");
    List<String> results =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(_ -> call().run(chunk))
            .map(List::of)
            .map(Object::toString)
            .distinct()
            .toList();

    assertThat(results).containsExactly("[3810.0, [3810]]");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1.5, -1.5",
    "1e14, 1e+14",
    "99999999999999, 99999999999999",
    "0.1, 0.1",
    "1e300, 1e+300",
    "123456.789, 123456.789",
    "1e-5, 1e-05",
    "4.9e-324, 4.9406564584125e-324",
    "0.30000000000000004, 0.3",
    "NaN, nan",
    "Infinity, inf",
    "-Infinity, -inf"
  })
  void formatsNumbersAsCDoes(double value, String text) {
    assertThat(LuaNumber.format(value)).isEqualTo(text);
  }

  @Test
  void listsTheEntriesOfTables() {
    LuaTable table = (LuaTable) run("return {10, 20, x = 1}")[0];
    StringBuilder entries = new StringBuilder();
    for (int at = table.nextPosition(-1); at >= 0; at = table.nextPosition(at)) {
      entries.append(table.keyAt(at)).append('=').append(table.valueAt(at)).append(' ');
    }

    assertThat(entries).hasToString("1.0=10.0 2.0=20.0 x=1.0 ");
    assertThat(table.length()).isEqualTo(2);
  }
}
