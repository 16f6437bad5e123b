package dev.rookery.script;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a script has returned, after Redis's conversion of Lua values: what a client of {@code EVAL}
 * receives. Bytes need not be UTF-8.
 */
public sealed interface ScriptResult {
  /** Of {@code nil} and {@code false}, and of a script that returns nothing. */
  record Null() implements ScriptResult {
    public static final Null NULL = new Null();
  }

  /** Of a table with a field {@code ok}, and of commands that answer {@code OK}. */
  record Status(byte[] text) implements ScriptResult {
    public String string() {
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  /** Of a number, truncated, and of {@code true}, which is 1. */
  record Int(long value) implements ScriptResult {}

  /** Of a string. */
  record Bulk(byte[] bytes) implements ScriptResult {
    public String string() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Of a table, up to its first nil. */
  record Array(List<ScriptResult> elements) implements ScriptResult {
    public Array {
      elements = List.copyOf(elements);
    }
  }

  /**
   * Of a table with a field {@code err} inside an array. An error that is the whole result fails
   * the call with {@link ScriptException}.
   */
  record Failed(byte[] message) implements ScriptResult {
    public String string() {
      return new String(message, StandardCharsets.UTF_8);
    }
  }
}
