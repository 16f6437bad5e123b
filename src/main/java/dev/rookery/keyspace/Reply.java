package dev.rookery.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one command, as RESP2 has it. */
public sealed interface Reply {
  Reply OK = new Status("OK");
  Reply NIL = new Nil();
  Reply ZERO = new Int(0);
  Reply ONE = new Int(1);
  Reply EMPTY = new Array(List.of());

  /** A short line such as {@code OK}. */
  record Status(String text) implements Reply {}

  /**
   * A refusal, such as {@code ERR syntax error}, without the leading minus sign.
   *
   * @param rejected whether the command never ran: it is unknown, has the wrong number of arguments
   *     or is not allowed here. Redis puts the script's name and line before such a text when a
   *     script made the call, and leaves all other texts as they are.
   */
  record Error(String text, boolean rejected) implements Reply {}

  /** A whole number. */
  record Int(long value) implements Reply {}

  /** Bytes of any content. The keyspace may share the array, so it must not be changed. */
  record Bulk(byte[] bytes) implements Reply {}

  /** Nothing: a missing value or a missing list of them. */
  record Nil() implements Reply {}

  /** Replies in order. */
  record Array(List<Reply> items) implements Reply {}

  static Reply of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Int(value);
  }

  static Reply of(boolean value) {
    return value ? ONE : ZERO;
  }

  static Reply of(byte @Nullable [] bytes) {
    return bytes == null ? NIL : new Bulk(bytes);
  }

  static Reply of(String text) {
    return new Bulk(text.getBytes(UTF_8));
  }

  static Reply of(List<Reply> items) {
    return items.isEmpty() ? EMPTY : new Array(items);
  }
}
