package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** {@code cjson.decode}, which accepts and refuses what Lua CJSON 2.1 does, with its messages. */
final class JsonDecoder {
  private static final int DEPTH_STEP = 32;

  /** The kinds of tokens, under the names that messages show. */
  private enum Kind {
    T_OBJ_BEGIN,
    T_OBJ_END,
    T_ARR_BEGIN,
    T_ARR_END,
    T_STRING,
    T_NUMBER,
    T_BOOLEAN,
    T_NULL,
    T_COLON,
    T_COMMA,
    T_END,
    T_ERROR
  }

  private final LuaCall call;
  private final JsonSettings settings;
  private final byte[] data;
  private final double[] parsed = new double[1];
  private int at;
  private int depth;

  private Kind kind = Kind.T_END;
  private int tokenStart;
  private Object value = LuaString.EMPTY;
  private String problem = "";

  private JsonDecoder(LuaCall call, byte[] data) {
    this.call = call;
    this.settings = call.json;
    this.data = data;
  }

  static @Nullable Object decode(LuaCall c, @Nullable Object[] args) {
    if (args.length != 1) {
      throw c.argumentError(1, "expected 1 argument");
    }
    byte[] data = Args.string(c, args, 0).bytes;
    if (data.length >= 2 && (data[0] == 0 || data[1] == 0)) {
      throw c.error("JSON parser does not support UTF-16 or UTF-32");
    }
    JsonDecoder decoder = new JsonDecoder(c, data);
    decoder.next();
    Object value = decoder.value();
    decoder.next();
    if (decoder.kind != Kind.T_END) {
      throw decoder.expected("the end");
    }
    return value;
  }

  private LuaError expected(String what) {
    String found = kind == Kind.T_ERROR ? problem : kind.name();
    return call.error(
        "Expected " + what + " but found " + found + " at character " + (tokenStart + 1));
  }

  private int peek(int i) {
    return i < data.length ? data[i] & 0xff : 0;
  }

  private Object value() {
    return switch (kind) {
      case T_STRING, T_NUMBER, T_BOOLEAN -> value;
      case T_NULL -> LuaUserdata.NULL;
      case T_OBJ_BEGIN -> nested(true);
      case T_ARR_BEGIN -> nested(false);
      default -> throw expected("value");
    };
  }

  private Object nested(boolean object) {
    depth++;
    if (depth > settings.decodeMaxDepth) {
      throw call.error("Found too many nested data structures (" + depth + ") at character " + at);
    }
    LuaTable table = call.newTable(0, 0);
    if (depth % DEPTH_STEP == 0) {
      call.recurse(
          DEPTH_STEP * 10,
          () -> {
            fill(table, object);
            return null;
          });
    } else {
      fill(table, object);
    }
    depth--;
    return table;
  }

  private void fill(LuaTable table, boolean object) {
    next();
    if (kind == (object ? Kind.T_OBJ_END : Kind.T_ARR_END)) {
      return;
    }
    if (object) {
      fillObject(table);
    } else {
      fillArray(table);
    }
  }

  private void fillObject(LuaTable table) {
    while (true) {
      if (kind != Kind.T_STRING) {
        throw expected("object key string");
      }
      LuaString key = (LuaString) value;
      next();
      if (kind != Kind.T_COLON) {
        throw expected("colon");
      }
      next();
      table.set(key, value());
      next();
      if (kind == Kind.T_OBJ_END) {
        return;
      }
      if (kind != Kind.T_COMMA) {
        throw expected("comma or object end");
      }
      next();
    }
  }

  private void fillArray(LuaTable table) {
    for (int i = 1; ; i++) {
      table.set(i, value());
      next();
      if (kind == Kind.T_ARR_END) {
        return;
      }
      if (kind != Kind.T_COMMA) {
        throw expected("comma or array end");
      }
      next();
    }
  }

  // Tokens

  private void next() {
    call.tick();
    int c = peek(at);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      c = peek(++at);
    }
    tokenStart = at;
    switch (c) {
      case '{' -> single(Kind.T_OBJ_BEGIN);
      case '}' -> single(Kind.T_OBJ_END);
      case '[' -> single(Kind.T_ARR_BEGIN);
      case ']' -> single(Kind.T_ARR_END);
      case ',' -> single(Kind.T_COMMA);
      case ':' -> single(Kind.T_COLON);
      case 0 -> kind = Kind.T_END;
      case '"' -> string();
      default -> {
        if (c == '-' || NumberReader.isDigit(c)) {
          if (!settings.decodeInvalidNumbers && isInvalidNumber()) {
            fail("invalid number");
          } else {
            number();
          }
        } else {
          word();
        }
      }
    }
  }

  private void single(Kind token) {
    kind = token;
    at++;
  }

  private void fail(String message) {
    kind = Kind.T_ERROR;
    tokenStart = at;
    problem = message;
  }

  private boolean startsWith(String word, boolean anyCase) {
    for (int i = 0; i < word.length(); i++) {
      int c = peek(at + i);
      if ((anyCase ? c | 0x20 : c) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void word() {
    if (startsWith("true", false)) {
      literal(Kind.T_BOOLEAN, true, 4);
    } else if (startsWith("false", false)) {
      literal(Kind.T_BOOLEAN, false, 5);
    } else if (startsWith("null", false)) {
      literal(Kind.T_NULL, LuaUserdata.NULL, 4);
    } else if (settings.decodeInvalidNumbers
        && "+iInN".indexOf(peek(at)) >= 0
        && isInvalidNumber()) {
      number();
    } else {
      fail("invalid token");
    }
  }

  private void literal(Kind token, Object literal, int length) {
    kind = token;
    value = literal;
    at += length;
  }

  private boolean isInvalidNumber() {
    int p = at;
    if (peek(p) == '+') {
      return true;
    }
    if (peek(p) == '-') {
      p++;
    }
    int c = peek(p);
    if (c == '0') {
      int second = peek(p + 1);
      return (second | 0x20) == 'x' || NumberReader.isDigit(second);
    }
    if (c <= '9') {
      return false;
    }
    int start = at;
    at = p;
    boolean special = startsWith("inf", true) || startsWith("nan", true);
    at = start;
    return special;
  }

  private void number() {
    int end = NumberReader.read(data, at, parsed);
    if (end == at) {
      fail("invalid number");
      return;
    }
    kind = Kind.T_NUMBER;
    value = LuaNumber.of(parsed[0]);
    at = end;
  }

  private void string() {
    int start = ++at;
    while (peek(at) != '"' && peek(at) != '\\' && peek(at) != 0) {
      at++;
    }
    call.work(at - start >> 4);
    if (peek(at) == '"') {
      kind = Kind.T_STRING;
      value = call.newString(data, start, at++);
      return;
    }
    ByteBuilder text = new ByteBuilder(call, at - start + 16);
    text.add(data, start, at);
    int c;
    while ((c = peek(at)) != '"') {
      if (c == 0) {
        fail("unexpected end of string");
        return;
      }
      if (c == '\\') {
        c = escape(peek(at + 1));
        if (c == 'u') {
          if (!unicode(text)) {
            fail("invalid unicode escape code");
            return;
          }
          continue;
        }
        if (c == 0) {
          fail("invalid escape code");
          return;
        }
        at++;
      }
      text.add(c);
      at++;
      call.tick();
    }
    at++;
    kind = Kind.T_STRING;
    value = text.toLuaString();
  }

  /** Returns the escaped character, 'u' for a code point, or 0 where it is none. */
  private static int escape(int c) {
    return switch (c) {
      case '"', '\\', '/', 'u' -> c;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      default -> 0;
    };
  }

  private int hex4(int from) {
    int result = 0;
    for (int i = 0; i < 4; i++) {
      int digit = NumberReader.hex(peek(from + i));
      if (digit < 0) {
        return -1;
      }
      result = result << 4 | digit;
    }
    return result;
  }

  private boolean unicode(ByteBuilder text) {
    int code = hex4(at + 2);
    int length = 6;
    if (code < 0) {
      return false;
    }
    if ((code & 0xF800) == 0xD800) {
      int low = hex4(at + 8);
      if ((code & 0x400) != 0
          || peek(at + 6) != '\\'
          || peek(at + 7) != 'u'
          || low < 0
          || (low & 0xFC00) != 0xDC00) {
        return false;
      }
      code = ((code & 0x3FF) << 10 | low & 0x3FF) + 0x10000;
      length = 12;
    }
    if (code <= 0x7F) {
      text.add(code);
    } else if (code <= 0x7FF) {
      text.add(code >> 6 | 0xC0).add(code & 0x3F | 0x80);
    } else if (code <= 0xFFFF) {
      text.add(code >> 12 | 0xE0).add(code >> 6 & 0x3F | 0x80).add(code & 0x3F | 0x80);
    } else {
      text.add(code >> 18 | 0xF0).add(code >> 12 & 0x3F | 0x80);
      text.add(code >> 6 & 0x3F | 0x80).add(code & 0x3F | 0x80);
    }
    at += length;
    return true;
  }
}
