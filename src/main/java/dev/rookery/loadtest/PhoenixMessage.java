package dev.rookery.loadtest;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of the server, {@code [join_ref,ref,topic,event,payload]}, read in place: nothing is
 * copied or allocated unless requested. Valid until the next message is read.
 */
final class PhoenixMessage {
  private byte[] bytes = new byte[0];
  private int joinRefFrom;
  private int joinRefTo;
  private int refFrom;
  private int refTo;
  private int topicFrom;
  private int topicTo;
  private int eventFrom;
  private int eventTo;
  private int payloadFrom;
  private int payloadTo;

  /** Reads a message; false if the bytes are not one. */
  boolean read(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    if (to - from < 2 || bytes[from] != '[' || bytes[to - 1] != ']') {
      return false;
    }
    joinRefFrom = from + 1;
    joinRefTo = valueEnd(joinRefFrom, to);
    refFrom = joinRefTo + 1;
    refTo = valueEnd(refFrom, to);
    topicFrom = refTo + 1;
    topicTo = valueEnd(topicFrom, to);
    eventFrom = topicTo + 1;
    eventTo = valueEnd(eventFrom, to);
    payloadFrom = eventTo + 1;
    payloadTo = to - 1;
    return payloadFrom < payloadTo;
  }

  /** Returns the end of a string, a number or null. */
  private int valueEnd(int from, int to) {
    int at = from;
    if (at < to && bytes[at] == '"') {
      at++;
      while (at < to && bytes[at] != '"') {
        at += bytes[at] == '\\' ? 2 : 1;
      }
      return at + 1;
    }
    while (at < to && bytes[at] != ',') {
      at++;
    }
    return at;
  }

  /** Whether this is the event; {@code name} includes the quotes. */
  boolean isEvent(byte[] name) {
    return java.util.Arrays.equals(bytes, eventFrom, eventTo, name, 0, name.length);
  }

  boolean isTopic(byte[] name) {
    return java.util.Arrays.equals(bytes, topicFrom, topicTo, name, 0, name.length);
  }

  boolean hasRef() {
    return bytes[refFrom] != 'n';
  }

  /** The ref of the join that the message belongs to. */
  String joinRef() {
    return string(joinRefFrom, joinRefTo);
  }

  String ref() {
    return string(refFrom, refTo);
  }

  String topic() {
    return string(topicFrom, topicTo);
  }

  String event() {
    return string(eventFrom, eventTo);
  }

  JsonObject payload() {
    return new JsonObject(
        new String(bytes, payloadFrom, payloadTo - payloadFrom, StandardCharsets.UTF_8));
  }

  private String string(int from, int to) {
    int quote = bytes[from] == '"' ? 1 : 0;
    return new String(bytes, from + quote, to - from - 2 * quote, StandardCharsets.UTF_8);
  }

  int size() {
    return payloadTo - payloadFrom;
  }

  /** The integer after the first occurrence of {@code key} in the payload; -1 if there is none. */
  long number(byte[] key) {
    return number(key, payloadFrom);
  }

  private long number(byte[] key, int from) {
    int at = find(key, from);
    return at < 0 ? -1 : digits(at + key.length);
  }

  /** The integer after the last occurrence of {@code key} in the payload; -1 if there is none. */
  long lastNumber(byte[] key) {
    for (int at = payloadTo - key.length; at >= payloadFrom; at--) {
      if (bytes[at] == key[0] && matches(key, at)) {
        return digits(at + key.length);
      }
    }
    return -1;
  }

  private long digits(int from) {
    boolean negative = from < payloadTo && bytes[from] == '-';
    int first = negative ? from + 1 : from;
    long value = 0;
    int at = first;
    while (at < payloadTo && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + bytes[at++] - '0';
    }
    if (at == first) {
      return -1;
    }
    return negative ? -value : value;
  }

  private int find(byte[] key, int from) {
    for (int at = from; at + key.length <= payloadTo; at++) {
      if (bytes[at] == key[0] && matches(key, at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean matches(byte[] key, int at) {
    for (int i = 1; i < key.length; i++) {
      if (bytes[at + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  static byte[] quoted(String name) {
    return ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
  }

  static byte[] key(String name) {
    return ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
  }

  @Nullable String status() {
    return payload().getString("status");
  }
}
