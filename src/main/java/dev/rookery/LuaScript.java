package dev.rookery;

import dev.rookery.script.ResultText;
import dev.rookery.script.Script;
import dev.rookery.script.ScriptException;
import dev.rookery.script.StandaloneScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a Lua script against an empty keyspace and prints its result as {@code redis-cli} does;
 * started by {@code scripts/lua}.
 */
public final class LuaScript {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private LuaScript() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    if (args.length == 0 || args[0].startsWith("--")) {
      System.err.println("usage: lua FILE [--keys KEY...] [--args ARGUMENT...]");
      System.exit(MISUSED);
      return;
    }
    try {
      Path file = Path.of(args[0]);
      var script = Script.of(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      var result =
          StandaloneScript.run(
              script,
              after("--keys", args),
              after("--args", args),
              Clock.systemUTC(),
              new SecureRandom());
      System.out.println(ResultText.of(result));
    } catch (ScriptException | IllegalArgumentException failure) {
      System.err.println("(error) " + failure.getMessage());
      System.exit(FAILED);
    } catch (IOException failure) {
      System.err.println("cannot read " + args[0] + ": " + failure);
      System.exit(MISUSED);
    }
  }

  /** The words after an option, up to the next one. */
  private static List<byte[]> after(String option, String[] args) {
    var words = new ArrayList<byte[]>();
    boolean here = false;
    for (String word : List.of(args).subList(1, args.length)) {
      if (word.equals("--keys") || word.equals("--args")) {
        here = word.equals(option);
      } else if (here) {
        words.add(word.getBytes(StandardCharsets.UTF_8));
      }
    }
    return words;
  }
}
