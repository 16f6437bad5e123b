package dev.rookery.lua;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cmsgpack.unpack} and its variants. */
final class MessageUnpacker {
  private static final int RESULTS_MAX = 7990;
  private static final int DEPTH_STEP = 32;

  private final LuaCall call;
  private final byte[] data;
  private int at;
  private int depth;

  private MessageUnpacker(LuaCall call, byte[] data, int at) {
    this.call = call;
    this.data = data;
    this.at = at;
  }

  /** Decodes up to a number of values from an offset on; both 0 mean all values. */
  static @Nullable Object unpack(LuaCall c, @Nullable Object[] args, long limit, long offset) {
    boolean all = limit == 0 && offset == 0;
    byte[] data = Args.string(c, args, 0).bytes;
    if (offset < 0 || limit < 0) {
      throw c.error(
          "Invalid request to unpack with offset of "
              + (int) offset
              + " and limit of "
              + data.length
              + ".");
    }
    if (offset > data.length) {
      throw c.error(
          "Start offset " + (int) offset + " greater than input length " + data.length + ".");
    }
    MessageUnpacker unpacker = new MessageUnpacker(c, data, (int) offset);
    List<@Nullable Object> results = new ArrayList<>();
    long max = all ? Integer.MAX_VALUE : limit;
    while (unpacker.at < data.length && results.size() < max) {
      if (results.size() > RESULTS_MAX) {
        throw unpacker.tooMany();
      }
      results.add(unpacker.value());
    }
    if (!all) {
      int next = unpacker.at == data.length ? -1 : unpacker.at;
      results.addFirst(LuaNumber.of(next));
    }
    return results.size() == 1 ? results.getFirst() : results.toArray();
  }

  private LuaError tooMany() {
    return call.error(
        "stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)");
  }

  private void need(long bytes) {
    if (data.length - at < bytes) {
      throw call.error("Missing bytes in input.");
    }
  }

  private long big(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | data[at++] & 0xff;
    }
    return value;
  }

  private @Nullable Object value() {
    call.tick();
    need(1);
    int code = data[at++] & 0xff;
    return switch (code) {
      case 0xc0 -> null;
      case 0xc2 -> false;
      case 0xc3 -> true;
      case 0xca -> LuaNumber.of((double) Float.intBitsToFloat((int) big(4)));
      case 0xcb -> LuaNumber.of(Double.longBitsToDouble(big(8)));
      case 0xcc -> LuaNumber.of((double) big(1));
      case 0xcd -> LuaNumber.of((double) big(2));
      case 0xce -> LuaNumber.of((double) big(4));
      case 0xcf -> LuaNumber.of((double) big(8));
      case 0xd0 -> LuaNumber.of((byte) big(1));
      case 0xd1 -> LuaNumber.of((short) big(2));
      case 0xd2 -> LuaNumber.of((int) big(4));
      case 0xd3 -> LuaNumber.of((double) big(8));
      case 0xd9 -> string(big(1));
      case 0xda -> string(big(2));
      case 0xdb -> string(big(4));
      case 0xdc -> collection(big(2), false);
      case 0xdd -> collection(big(4), false);
      case 0xde -> collection(big(2), true);
      case 0xdf -> collection(big(4), true);
      default -> {
        if (code < 0x80) {
          yield LuaNumber.of(code);
        }
        if (code >= 0xe0) {
          yield LuaNumber.of((byte) code);
        }
        if (code >= 0xa0 && code < 0xc0) {
          yield string(code & 0x1f);
        }
        if (code < 0xa0) {
          yield collection(code & 0xf, code < 0x90);
        }
        throw call.error("Bad data format in input.");
      }
    };
  }

  private LuaString string(long length) {
    need(length);
    int from = at;
    at += (int) length;
    return call.newString(data, from, at);
  }

  private Object collection(long count, boolean map) {
    LuaTable table = call.newTable(0, 0);
    depth++;
    if (depth > RESULTS_MAX / 2) {
      throw tooMany();
    }
    if (depth % DEPTH_STEP == 0) {
      call.recurse(
          DEPTH_STEP * 12,
          () -> {
            fill(table, count, map);
            return null;
          });
    } else {
      fill(table, count, map);
    }
    depth--;
    return table;
  }

  private void fill(LuaTable table, long count, boolean map) {
    for (long i = 1; i <= count; i++) {
      Object key = map ? value() : LuaNumber.of((double) i);
      Ops.rawSet(table, key, value(), null);
    }
  }
}
