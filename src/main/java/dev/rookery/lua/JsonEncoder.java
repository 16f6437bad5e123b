package dev.rookery.lua;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code cjson.encode}, byte for byte as Lua CJSON 2.1 writes it. */
final class JsonEncoder {
  private static final @Nullable String[] ESCAPES = new String[256];

  /** Nested tables between two looks at how much stack is left. */
  private static final int DEPTH_STEP = 32;

  static {
    for (int i = 0; i < 32; i++) {
      ESCAPES[i] = String.format(Locale.ROOT, "\\u%04x", i);
    }
    ESCAPES['\b'] = "\\b";
    ESCAPES['\t'] = "\\t";
    ESCAPES['\n'] = "\\n";
    ESCAPES['\f'] = "\\f";
    ESCAPES['\r'] = "\\r";
    ESCAPES['"'] = "\\\"";
    ESCAPES['/'] = "\\/";
    ESCAPES['\\'] = "\\\\";
    ESCAPES[127] = "\\u007f";
  }

  private final LuaCall call;
  private final JsonSettings settings;
  private final ByteBuilder out;

  private JsonEncoder(LuaCall call) {
    this.call = call;
    this.settings = call.json;
    this.out = new ByteBuilder(call, 256);
  }

  static Object encode(LuaCall c, @Nullable Object[] args) {
    if (args.length != 1) {
      throw c.argumentError(1, "expected 1 argument");
    }
    JsonEncoder encoder = new JsonEncoder(c);
    encoder.append(args[0], 0);
    return encoder.out.toLuaString();
  }

  private LuaError cannot(@Nullable Object value, String reason) {
    return call.error("Cannot serialise " + Ops.typeName(value) + ": " + reason);
  }

  private void append(@Nullable Object value, int depth) {
    call.tick();
    switch (value) {
      case null -> out.addLatin1("null");
      case LuaString s -> string(s);
      case Double d -> number(d);
      case Boolean b -> out.addLatin1(b ? "true" : "false");
      case LuaTable t -> {
        if ((depth + 1) % DEPTH_STEP == 0) {
          call.recurse(
              DEPTH_STEP * 8,
              () -> {
                table(t, depth + 1);
                return null;
              });
        } else {
          table(t, depth + 1);
        }
      }
      case LuaUserdata _ -> out.addLatin1("null");
      default -> throw cannot(value, "type not supported");
    }
  }

  private void table(LuaTable t, int depth) {
    if (depth > settings.encodeMaxDepth) {
      throw call.error("Cannot serialise, excessive nesting (" + depth + ")");
    }
    int length = arrayLength(t);
    if (length > 0) {
      out.add('[');
      for (int i = 1; i <= length; i++) {
        if (i > 1) {
          out.add(',');
        }
        append(t.get(i), depth);
      }
      out.add(']');
    } else {
      object(t, depth);
    }
  }

  private void object(LuaTable t, int depth) {
    out.add('{');
    boolean first = true;
    for (int at = t.nextPosition(-1); at >= 0; at = t.nextPosition(at)) {
      if (!first) {
        out.add(',');
      }
      first = false;
      Object key = t.keyAt(at);
      if (key instanceof LuaString s) {
        string(s);
        out.add(':');
      } else if (key instanceof Double d) {
        out.add('"');
        number(d);
        out.addLatin1("\":");
      } else {
        throw cannot(key, "table key must be a number or string");
      }
      append(t.valueAt(at), depth);
    }
    out.add('}');
  }

  /** Returns the largest index where all keys are indexes, else a negative number. */
  private int arrayLength(LuaTable t) {
    int max = 0;
    int items = 0;
    for (int at = t.nextPosition(-1); at >= 0; at = t.nextPosition(at)) {
      if (!(t.keyAt(at) instanceof Double d) || d < 1 || Math.floor(d) != d) {
        return -1;
      }
      if (d > max) {
        // As C converts: a table with a larger key becomes an object.
        max = d <= Integer.MAX_VALUE ? d.intValue() : Integer.MIN_VALUE;
      }
      items++;
    }
    call.work(items >> 2);
    if (settings.sparseRatio > 0
        && max > (double) items * settings.sparseRatio
        && max > settings.sparseSafe) {
      if (!settings.sparseConvert) {
        throw cannot(t, "excessively sparse array");
      }
      return -1;
    }
    return max;
  }

  private void number(double value) {
    if (!Double.isFinite(value)) {
      if (settings.encodeInvalidNumbers == 0) {
        throw cannot(value, "must not be NaN or Inf");
      }
      if (settings.encodeInvalidNumbers == 2) {
        out.addLatin1("null");
        return;
      }
      if (Double.isNaN(value)) {
        out.addLatin1("nan");
        return;
      }
    }
    if (settings.precision == 14) {
      out.add(LuaNumber.text(value));
    } else {
      out.addLatin1(LuaNumber.formatG(value, settings.precision, false));
    }
  }

  private void string(LuaString s) {
    byte[] bytes = s.bytes;
    int n = bytes.length;
    out.ensure(n + 2);
    call.work(n >> 4);
    out.add('"');
    int copied = 0;
    for (int i = 0; i < n; i++) {
      String escape = ESCAPES[bytes[i] & 0xff];
      if (escape != null) {
        out.add(bytes, copied, i);
        out.addLatin1(escape);
        copied = i + 1;
      }
    }
    out.add(bytes, copied, n);
    out.add('"');
  }
}
