package dev.rookery.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The library {@code cjson}. What its setters change holds for the running call alone. */
final class JsonLibrary {
  private static final List<String> SWITCH = List.of("off", "on");
  private static final List<String> INVALID_NUMBERS = List.of("off", "on", "null");

  private JsonLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("encode", LuaFunction.of(JsonEncoder::encode));
    t.set("decode", LuaFunction.of(JsonDecoder::decode));
    t.set("encode_sparse_array", LuaFunction.of(JsonLibrary::sparseArray));
    t.set("encode_max_depth", LuaFunction.of(JsonLibrary::encodeMaxDepth));
    t.set("decode_max_depth", LuaFunction.of(JsonLibrary::decodeMaxDepth));
    t.set("encode_number_precision", LuaFunction.of(JsonLibrary::precision));
    t.set("encode_keep_buffer", LuaFunction.of(JsonLibrary::keepBuffer));
    t.set("encode_invalid_numbers", LuaFunction.of(JsonLibrary::encodeInvalidNumbers));
    t.set("decode_invalid_numbers", LuaFunction.of(JsonLibrary::decodeInvalidNumbers));
    t.set("new", LuaFunction.of((_, _) -> create()));
    t.set("null", LuaUserdata.NULL);
    t.set("_NAME", LuaString.of("cjson"));
    t.set("_VERSION", LuaString.of("2.1.0"));
    return t;
  }

  private static void atMost(LuaCall c, @Nullable Object[] args, int count) {
    if (args.length > count) {
      throw c.argumentError(count + 1, "found too many arguments");
    }
  }

  private static int integer(LuaCall c, @Nullable Object[] args, int i, int now, int min, int max) {
    if (Args.get(args, i) == null) {
      return now;
    }
    int value = Args.int32(c, args, i);
    if (value < min || value > max) {
      throw c.argumentError(1, "expected integer between " + min + " and " + max);
    }
    return value;
  }

  private static int option(LuaCall c, @Nullable Object[] args, int now, List<String> options) {
    Object value = Args.get(args, 0);
    if (value == null) {
      return now;
    }
    if (value instanceof Boolean b) {
      return b ? 1 : 0;
    }
    String name = Args.string(c, args, 0).toString();
    int index = options.indexOf(name);
    if (index < 0) {
      throw c.argumentError(1, "invalid option '" + name + "'");
    }
    return index;
  }

  private static Object sparseArray(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 3);
    JsonSettings s = c.json;
    s.sparseConvert = option(c, args, s.sparseConvert ? 1 : 0, SWITCH) == 1;
    s.sparseRatio = integer(c, args, 1, s.sparseRatio, 0, Integer.MAX_VALUE);
    s.sparseSafe = integer(c, args, 2, s.sparseSafe, 0, Integer.MAX_VALUE);
    return new Object[] {s.sparseConvert, LuaNumber.of(s.sparseRatio), LuaNumber.of(s.sparseSafe)};
  }

  private static Object encodeMaxDepth(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    c.json.encodeMaxDepth = integer(c, args, 0, c.json.encodeMaxDepth, 1, Integer.MAX_VALUE);
    return LuaNumber.of(c.json.encodeMaxDepth);
  }

  private static Object decodeMaxDepth(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    c.json.decodeMaxDepth = integer(c, args, 0, c.json.decodeMaxDepth, 1, Integer.MAX_VALUE);
    return LuaNumber.of(c.json.decodeMaxDepth);
  }

  private static Object precision(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    c.json.precision = integer(c, args, 0, c.json.precision, 1, 14);
    return LuaNumber.of(c.json.precision);
  }

  private static Object keepBuffer(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    c.json.keepBuffer = option(c, args, c.json.keepBuffer ? 1 : 0, SWITCH) == 1;
    return c.json.keepBuffer;
  }

  private static Object encodeInvalidNumbers(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    int chosen = option(c, args, c.json.encodeInvalidNumbers, INVALID_NUMBERS);
    c.json.encodeInvalidNumbers = chosen;
    return chosen == 2 ? LuaString.of("null") : (Object) (chosen == 1);
  }

  private static Object decodeInvalidNumbers(LuaCall c, @Nullable Object[] args) {
    atMost(c, args, 1);
    c.json.decodeInvalidNumbers = option(c, args, c.json.decodeInvalidNumbers ? 1 : 0, SWITCH) == 1;
    return c.json.decodeInvalidNumbers;
  }
}
