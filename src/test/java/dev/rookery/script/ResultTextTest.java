package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ResultTextTest {
  @Test
  void showsResultsAsRedisCliDoes() {
    assertThat(run("return nil")).isEqualTo("(nil)");
    assertThat(run("return 3.9")).isEqualTo("(integer) 3");
    assertThat(run("return {ok = 'FINE'}")).isEqualTo("FINE");
    assertThat(run("return 'a\"\\n\\0\\255'")).isEqualTo("\"a\\\"\\n\\x00\\xff\"");
    assertThat(run("return {}")).isEqualTo("(empty array)");
    assertThat(run("return {KEYS[1], {ARGV[1], {err = 'no'}}, {}}"))
        .isEqualTo(
            """
            1) "k"
            2) 1) "v"
               2) (error) no
            3) (empty array)\
            """);
    assertThat(run("local t = {} for i = 1, 10 do t[i] = i end return t"))
        .startsWith(" 1) (integer) 1\n 2) ")
        .endsWith("\n10) (integer) 10");
  }

  @Test
  void failsWithTheErrorOfTheScript() {
    assertThatThrownBy(() -> run("return {err = 'MY error'}"))
        .isInstanceOf(ScriptException.class)
        .hasMessage("MY error");
  }

  private static String run(String source) {
    return ResultText.of(
        StandaloneScript.run(
            Script.of("test", bytes(source)),
            List.of(bytes("k")),
            List.of(bytes("v")),
            Clock.systemUTC(),
            new SplittableRandom(1)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
