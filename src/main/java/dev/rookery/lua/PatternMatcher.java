package dev.rookery.lua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Matches the patterns of Lua 5.1 by backtracking. Each step counts as an instruction of the call,
 * so that a pattern that would take years ends at the limit.
 */
final class PatternMatcher {
  private static final int CAPTURES_MAX = 32;
  private static final int UNFINISHED = -1;
  private static final int POSITION = -2;
  private static final int ESCAPE = '%';
  private static final int NO_MATCH = -1;

  /** Nested matches between two looks at how much stack is left. */
  private static final int DEPTH_STEP = 64;

  private final LuaCall call;
  private final byte[] source;
  private final byte[] pattern;
  private int level;
  private int depth;
  private final int[] starts = new int[CAPTURES_MAX];
  private final int[] lengths = new int[CAPTURES_MAX];

  PatternMatcher(LuaCall call, LuaString source, LuaString pattern) {
    this.call = call;
    this.source = source.bytes;
    this.pattern = pattern.cString().bytes;
  }

  /** Returns the end of a match at this place, or -1. */
  int match(int s, int p) {
    level = 0;
    depth = 0;
    return doMatch(s, p);
  }

  boolean isAnchored() {
    return pattern.length > 0 && pattern[0] == '^';
  }

  int level() {
    return level;
  }

  private int at(int p) {
    return p < pattern.length ? pattern[p] & 0xff : 0;
  }

  private int nested(int s, int p) {
    if (++depth % DEPTH_STEP == 0) {
      Integer result = (Integer) call.recurse(DEPTH_STEP * 8, () -> doMatch(s, p));
      depth--;
      return result == null ? NO_MATCH : result;
    }
    int result = doMatch(s, p);
    depth--;
    return result;
  }

  private int doMatch(int start, int startPattern) {
    int s = start;
    int p = startPattern;
    while (true) {
      call.tick();
      if (p >= pattern.length) {
        return s;
      }
      switch (pattern[p]) {
        case '(' -> {
          return at(p + 1) == ')'
              ? startCapture(s, p + 2, POSITION)
              : startCapture(s, p + 1, UNFINISHED);
        }
        case ')' -> {
          return endCapture(s, p + 1);
        }
        case '$' -> {
          if (p + 1 == pattern.length) {
            return s == source.length ? s : NO_MATCH;
          }
        }
        case ESCAPE -> {
          int next = at(p + 1);
          if (next == 'b') {
            s = matchBalance(s, p + 2);
            if (s < 0) {
              return NO_MATCH;
            }
            p += 4;
            continue;
          }
          if (next == 'f') {
            p += 2;
            if (at(p) != '[') {
              throw call.error("missing '[' after '%f' in pattern");
            }
            int end = classEnd(p);
            int previous = s == 0 ? 0 : source[s - 1] & 0xff;
            int current = s < source.length ? source[s] & 0xff : 0;
            if (matchSet(previous, p, end - 1) || !matchSet(current, p, end - 1)) {
              return NO_MATCH;
            }
            p = end;
            continue;
          }
          if (NumberReader.isDigit(next)) {
            s = matchCapture(s, next);
            if (s < 0) {
              return NO_MATCH;
            }
            p += 2;
            continue;
          }
        }
        default -> {}
      }
      int end = classEnd(p);
      boolean matches = s < source.length && matchSingle(source[s] & 0xff, p, end);
      switch (at(end)) {
        case '?' -> {
          if (matches) {
            int result = nested(s + 1, end + 1);
            if (result >= 0) {
              return result;
            }
          }
          p = end + 1;
        }
        case '*' -> {
          return expandMost(s, p, end);
        }
        case '+' -> {
          return matches ? expandMost(s + 1, p, end) : NO_MATCH;
        }
        case '-' -> {
          return expandLeast(s, p, end);
        }
        default -> {
          if (!matches) {
            return NO_MATCH;
          }
          s++;
          p = end;
        }
      }
    }
  }

  private int expandMost(int s, int p, int end) {
    int i = 0;
    while (s + i < source.length && matchSingle(source[s + i] & 0xff, p, end)) {
      i++;
      call.tick();
    }
    for (; i >= 0; i--) {
      int result = nested(s + i, end + 1);
      if (result >= 0) {
        return result;
      }
    }
    return NO_MATCH;
  }

  private int expandLeast(int start, int p, int end) {
    int s = start;
    while (true) {
      int result = nested(s, end + 1);
      if (result >= 0) {
        return result;
      }
      if (s < source.length && matchSingle(source[s] & 0xff, p, end)) {
        s++;
      } else {
        return NO_MATCH;
      }
    }
  }

  private int startCapture(int s, int p, int what) {
    if (level >= CAPTURES_MAX) {
      throw call.error("too many captures");
    }
    starts[level] = s;
    lengths[level] = what;
    level++;
    int result = nested(s, p);
    if (result < 0) {
      level--;
    }
    return result;
  }

  private int endCapture(int s, int p) {
    int open = level - 1;
    while (open >= 0 && lengths[open] != UNFINISHED) {
      open--;
    }
    if (open < 0) {
      throw call.error("invalid pattern capture");
    }
    lengths[open] = s - starts[open];
    int result = nested(s, p);
    if (result < 0) {
      lengths[open] = UNFINISHED;
    }
    return result;
  }

  private int matchCapture(int s, int digit) {
    int index = digit - '1';
    if (index < 0 || index >= level || lengths[index] == UNFINISHED) {
      throw call.error("invalid capture index");
    }
    int length = Math.max(lengths[index], 0);
    call.work(length >> 4);
    int from = starts[index];
    return source.length - s >= length
            && Arrays.equals(source, from, from + length, source, s, s + length)
        ? s + length
        : NO_MATCH;
  }

  private int matchBalance(int s, int p) {
    if (at(p) == 0 || at(p + 1) == 0) {
      throw call.error("unbalanced pattern");
    }
    if (s >= source.length || (source[s] & 0xff) != at(p)) {
      return NO_MATCH;
    }
    int open = at(p);
    int close = at(p + 1);
    int count = 1;
    for (int i = s + 1; i < source.length; i++) {
      call.tick();
      int c = source[i] & 0xff;
      if (c == close) {
        if (--count == 0) {
          return i + 1;
        }
      } else if (c == open) {
        count++;
      }
    }
    return NO_MATCH;
  }

  private int classEnd(int start) {
    int p = start;
    int c = at(p++);
    if (c == ESCAPE) {
      if (p >= pattern.length) {
        throw call.error("malformed pattern (ends with '%')");
      }
      return p + 1;
    }
    if (c == '[') {
      if (at(p) == '^') {
        p++;
      }
      do {
        if (p >= pattern.length) {
          throw call.error("malformed pattern (missing ']')");
        }
        call.tick();
        if (pattern[p++] == ESCAPE && p < pattern.length) {
          p++;
        }
      } while (at(p) != ']');
      return p + 1;
    }
    return p;
  }

  private boolean matchSingle(int c, int p, int end) {
    return switch (pattern[p]) {
      case '.' -> true;
      case ESCAPE -> matchClass(c, at(p + 1));
      case '[' -> matchSet(c, p, end - 1);
      default -> (pattern[p] & 0xff) == c;
    };
  }

  private boolean matchSet(int c, int start, int end) {
    call.work(end - start >> 3);
    int p = start;
    boolean positive = true;
    if (at(p + 1) == '^') {
      positive = false;
      p++;
    }
    while (++p < end) {
      if (at(p) == ESCAPE) {
        p++;
        if (matchClass(c, at(p))) {
          return positive;
        }
      } else if (at(p + 1) == '-' && p + 2 < end) {
        p += 2;
        if (at(p - 2) <= c && c <= at(p)) {
          return positive;
        }
      } else if (at(p) == c) {
        return positive;
      }
    }
    return !positive;
  }

  private static boolean matchClass(int c, int kind) {
    boolean result =
        switch (kind | 0x20) {
          case 'a' -> isLetter(c);
          case 'c' -> c < 32 || c == 127;
          case 'd' -> NumberReader.isDigit(c);
          case 'l' -> c >= 'a' && c <= 'z';
          case 'p' -> c > 32 && c < 127 && !isLetter(c) && !NumberReader.isDigit(c);
          case 's' -> NumberReader.isSpace(c);
          case 'u' -> c >= 'A' && c <= 'Z';
          case 'w' -> isLetter(c) || NumberReader.isDigit(c);
          case 'x' -> NumberReader.hex(c) >= 0;
          case 'z' -> c == 0;
          default -> false;
        };
    if (!isLetter(kind) || "acdlpsuwxz".indexOf(kind | 0x20) < 0) {
      return kind == c;
    }
    return (kind >= 'A' && kind <= 'Z') != result;
  }

  private static boolean isLetter(int c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z' && c < 128;
  }

  // Captures

  Object capture(int i, int start, int end) {
    if (i >= level) {
      if (i != 0) {
        throw call.error("invalid capture index");
      }
      return call.newString(source, start, end);
    }
    int length = lengths[i];
    if (length == UNFINISHED) {
      throw call.error("unfinished capture");
    }
    return length == POSITION
        ? LuaNumber.of(starts[i] + 1)
        : call.newString(source, starts[i], starts[i] + length);
  }

  /** Returns all captures, or the whole match where the pattern has none. */
  @Nullable Object[] captures(int start, int end) {
    @Nullable Object[] values = new Object[Math.max(level, 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = capture(i, start, end);
    }
    return values;
  }
}
