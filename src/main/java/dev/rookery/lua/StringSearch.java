package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The functions of {@code string} that take a pattern. */
final class StringSearch {
  private StringSearch() {}

  static void addTo(LuaTable t) {
    t.set("find", LuaFunction.of((c, a) -> find(c, a, true)));
    t.set("match", LuaFunction.of((c, a) -> find(c, a, false)));
    LuaFunction gmatch = LuaFunction.of(StringSearch::gmatch);
    t.set("gmatch", gmatch);
    t.set("gfind", gmatch);
    t.set("gsub", LuaFunction.of(StringSearch::gsub));
  }

  /** Makes a position from the end one from the start. */
  static long fromStart(long position, int length) {
    long p = position < 0 ? position + length + 1 : position;
    return Math.max(p, 0);
  }

  private static boolean hasSpecials(byte[] pattern) {
    for (byte b : pattern) {
      if (b == 0) {
        return false;
      }
      if ("^$*+?.([%-".indexOf(b) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Object find(LuaCall c, @Nullable Object[] args, boolean find) {
    LuaString source = Args.string(c, args, 0);
    LuaString pattern = Args.string(c, args, 1);
    long init = fromStart(Args.integer(c, args, 2, 1), source.length()) - 1;
    int start = Math.clamp(init, 0, source.length());
    if (find && (Ops.truthy(Args.get(args, 3)) || !hasSpecials(pattern.bytes))) {
      int at = indexOf(c, source.bytes, pattern.bytes, start);
      return at < 0
          ? null
          : new Object[] {LuaNumber.of(at + 1), LuaNumber.of(at + pattern.length())};
    }
    PatternMatcher matcher = new PatternMatcher(c, source, pattern);
    int p = matcher.isAnchored() ? 1 : 0;
    int s = start;
    do {
      int end = matcher.match(s, p);
      if (end >= 0) {
        if (!find) {
          return result(matcher.captures(s, end));
        }
        @Nullable Object[] captures = matcher.level() == 0 ? Expr.EMPTY : matcher.captures(s, end);
        @Nullable Object[] all = new Object[captures.length + 2];
        all[0] = LuaNumber.of(s + 1);
        all[1] = LuaNumber.of(end);
        System.arraycopy(captures, 0, all, 2, captures.length);
        return all;
      }
    } while (s++ < source.length() && p == 0);
    return null;
  }

  private static @Nullable Object result(@Nullable Object[] values) {
    return values.length == 1 ? values[0] : values;
  }

  static int indexOf(LuaCall c, byte[] source, byte[] wanted, int from) {
    if (wanted.length == 0) {
      return from;
    }
    int last = source.length - wanted.length;
    for (int i = from; i <= last; i++) {
      if ((i & 63) == 0) {
        c.work(8);
      }
      if (source[i] != wanted[0]) {
        continue;
      }
      int k = 1;
      while (k < wanted.length && source[i + k] == wanted[k]) {
        k++;
      }
      if (k == wanted.length) {
        return i;
      }
      c.work(k >> 3);
    }
    return -1;
  }

  /** The iterator of {@code gmatch}. */
  private static final class Matches extends LuaFunction {
    private final LuaString source;
    private final LuaString pattern;
    private int position;

    Matches(LuaString source, LuaString pattern) {
      this.source = source;
      this.pattern = pattern;
    }

    @Override
    public @Nullable Object call(LuaCall call, @Nullable Object[] args) {
      PatternMatcher matcher = new PatternMatcher(call, source, pattern);
      for (int s = position; s <= source.length(); s++) {
        int end = matcher.match(s, 0);
        if (end >= 0) {
          position = end == s ? end + 1 : end;
          return result(matcher.captures(s, end));
        }
      }
      // The next call finds nothing either.
      position = source.length() + 1;
      return Expr.EMPTY;
    }
  }

  private static Object gmatch(LuaCall c, @Nullable Object[] args) {
    c.allocate(64);
    return new Matches(Args.string(c, args, 0), Args.string(c, args, 1));
  }

  private static Object gsub(LuaCall c, @Nullable Object[] args) {
    LuaString source = Args.string(c, args, 0);
    LuaString pattern = Args.string(c, args, 1);
    Object replacement = Args.get(args, 2);
    if (!(replacement instanceof Double
        || replacement instanceof LuaString
        || replacement instanceof LuaFunction
        || replacement instanceof LuaTable)) {
      throw c.argumentError(3, "string/function/table expected");
    }
    int max = Args.int32(c, args, 3, source.length() + 1);
    PatternMatcher matcher = new PatternMatcher(c, source, pattern);
    boolean anchored = matcher.isAnchored();
    ByteBuilder out = new ByteBuilder(c, source.length() + 16);
    c.hold(out);
    int s = 0;
    int n = 0;
    while (n < max) {
      int end = matcher.match(s, anchored ? 1 : 0);
      if (end >= 0) {
        n++;
        addReplacement(c, out, matcher, replacement, source, s, end);
      }
      if (end > s) {
        s = end;
      } else if (s < source.length()) {
        out.add(source.bytes[s++]);
      } else {
        break;
      }
      if (anchored) {
        break;
      }
    }
    out.add(source.bytes, s, source.length());
    c.release();
    return new Object[] {out.toLuaString(), LuaNumber.of(n)};
  }

  private static void addReplacement(
      LuaCall c,
      ByteBuilder out,
      PatternMatcher matcher,
      Object replacement,
      LuaString source,
      int start,
      int end) {
    Object value =
        switch (replacement) {
          case LuaFunction f -> Expr.first(c.invoke(f, matcher.captures(start, end)));
          case LuaTable t -> Ops.index(c, t, matcher.capture(0, start, end), null, null);
          default -> {
            LuaString text = Ops.toText(replacement);
            addTemplate(out, matcher, text == null ? LuaString.EMPTY : text, source, start, end);
            yield LuaString.EMPTY;
          }
        };
    if (!Ops.truthy(value)) {
      out.add(source.bytes, start, end);
      return;
    }
    LuaString text = Ops.toText(value);
    if (text == null) {
      throw c.error("invalid replacement value (a " + Ops.typeName(value) + ")");
    }
    out.add(text);
  }

  private static void addTemplate(
      ByteBuilder out,
      PatternMatcher matcher,
      LuaString template,
      LuaString source,
      int start,
      int end) {
    byte[] t = template.bytes;
    for (int i = 0; i < t.length; i++) {
      if (t[i] != '%') {
        out.add(t[i]);
        continue;
      }
      i++;
      int next = i < t.length ? t[i] : 0;
      if (next == '0') {
        out.add(source.bytes, start, end);
      } else if (NumberReader.isDigit(next)) {
        LuaString text = Ops.toText(matcher.capture(next - '1', start, end));
        out.add(text == null ? LuaString.EMPTY : text);
      } else {
        out.add(next);
      }
    }
  }
}
