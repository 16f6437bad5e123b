package dev.rookery.protocol.godra;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.rookery.script.ScriptException;
import dev.rookery.script.ScriptException.Kind;
import dev.rookery.script.ScriptResult;
import java.nio.charset.StandardCharsets;

/**
 * Writes the result of a call: {@code {"result": …}}. Strings are written as UTF-8, with a
 * replacement character for what is none; statuses and errors inside arrays as strings.
 */
final class ResultJson {
  private static final int DEPTH_MAX = 128;

  private final StringBuilder json = new StringBuilder(64);
  private final int charsMax;

  private ResultJson(int charsMax) {
    this.charsMax = charsMax;
  }

  /**
   * @throws ScriptException of the kind {@code TOO_LARGE} if the result is too large, or nested too
   *     deeply
   */
  static String of(ScriptResult result, int charsMax) {
    var writer = new ResultJson(charsMax);
    writer.json.append("{\"result\":");
    writer.write(result, 0);
    return writer.json.append('}').toString();
  }

  private void write(ScriptResult result, int depth) {
    switch (result) {
      case ScriptResult.Null _ -> json.append("null");
      case ScriptResult.Int(long value) -> json.append(value);
      case ScriptResult.Status(byte[] text) -> writeText(text);
      case ScriptResult.Bulk(byte[] bytes) -> writeText(bytes);
      case ScriptResult.Failed(byte[] message) -> writeText(message);
      case ScriptResult.Array(var elements) -> {
        if (depth >= DEPTH_MAX) {
          throw new ScriptException(Kind.TOO_LARGE, "the result is nested too deeply");
        }
        json.append('[');
        String separator = "";
        for (ScriptResult element : elements) {
          json.append(separator);
          write(element, depth + 1);
          separator = ",";
        }
        json.append(']');
      }
    }
    checkSize(0);
  }

  private void writeText(byte[] bytes) {
    checkSize(bytes.length / 3);
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(new String(bytes, StandardCharsets.UTF_8), json);
    json.append('"');
  }

  private void checkSize(int more) {
    if (json.length() + more > charsMax) {
      throw new ScriptException(Kind.TOO_LARGE, "the result has more than " + charsMax + " bytes");
    }
  }
}
