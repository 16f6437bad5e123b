package dev.rookery.protocol.gamend;

import dev.rookery.base.IsoTime;
import dev.rookery.base.Text;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of a request field, which casts values (Gamend HTTP contract, section 1.3). Values are
 * JSON values, or text from paths, queries and forms. Numbers beyond the range of the type become
 * its smallest or largest number, so that the domain rejects them with its own message; fields that
 * the domain does not limit are {@linkplain #isExact exact}.
 */
enum FieldType {
  TEXT {
    @Override
    @Nullable Object cast(Object value) {
      return value instanceof String text && Text.isStorable(text) ? text : null;
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return cast(value);
    }
  },

  INT {
    @Override
    @Nullable Object cast(Object value) {
      Long number = parseInteger(value);
      return number == null ? null : saturated(number);
    }

    @Override
    @Nullable Object castLenient(Object value) {
      Long number = parseLeadingInteger(value);
      return number == null ? null : saturated(number);
    }

    private Integer saturated(long number) {
      return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  },

  LONG {
    @Override
    @Nullable Object cast(Object value) {
      return parseInteger(value);
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return parseLeadingInteger(value);
    }
  },

  BOOLEAN {
    @Override
    @Nullable Object cast(Object value) {
      return switch (value) {
        case Boolean flag -> flag;
        case String text when text.equals("true") || text.equals("1") -> true;
        case String text when text.equals("false") || text.equals("0") -> false;
        default -> null;
      };
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return switch (value) {
        case Boolean flag -> flag;
        case String text when text.equalsIgnoreCase("true") -> true;
        case String text when text.equalsIgnoreCase("false") -> false;
        default -> null;
      };
    }
  },

  /** An ISO 8601 time with offset, as epoch milliseconds; fractions of a second are dropped. */
  TIMESTAMP {
    @Override
    @Nullable Object cast(Object value) {
      if (!(value instanceof String text)) {
        return null;
      }
      Instant time = IsoTime.parse(text.strip());
      return time == null ? null : time.getEpochSecond() * 1_000;
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return cast(value);
    }
  },

  /** Any JSON value. */
  ANY {
    @Override
    @Nullable Object cast(Object value) {
      return Json.isFinite(value) ? value : null;
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return cast(value);
    }
  },

  /** An array of any values. */
  LIST {
    @Override
    @Nullable Object cast(Object value) {
      return value instanceof List<?> list ? list : null;
    }

    @Override
    @Nullable Object castLenient(Object value) {
      return cast(value);
    }
  },

  OBJECT {
    @Override
    @Nullable Object cast(Object value) {
      return value instanceof Map<?, ?> map && Json.isFinite(map) ? map : null;
    }

    @Override
    @Nullable Object castLenient(Object value) {
      if (!(value instanceof String text)) {
        return cast(value);
      }
      var parsed = Json.read(text);
      Object read = parsed.isEmpty() ? null : parsed.get().value();
      return read == null ? null : cast(read);
    }
  };

  // The most digits that a long has; longer numbers are out of range without being computed.
  private static final int DIGITS_MAX = 19;

  /** Returns the value as this type, or null if it is not one. */
  abstract @Nullable Object cast(Object value);

  /** Casts as list filters do: accepts leading digits and any case of true and false, or null. */
  abstract @Nullable Object castLenient(Object value);

  /** Whether a value that was cast to this number is the number, and not only the nearest one. */
  static boolean isExact(Object value, long cast) {
    return switch (value) {
      case BigInteger _ -> false;
      case String text -> {
        boolean negative = text.startsWith("-");
        String digits = text.substring(negative || text.startsWith("+") ? 1 : 0);
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
          start++;
        }
        String canonical = digits.substring(start);
        yield Long.toString(cast)
            .equals(negative && !canonical.equals("0") ? "-" + canonical : canonical);
      }
      default -> Long.valueOf(cast).equals(parseInteger(value));
    };
  }

  static @Nullable Long parseInteger(Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case Long number -> number;
      case BigInteger number -> number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
      case String text -> parseDigits(text, true);
      default -> null;
    };
  }

  private static @Nullable Long parseLeadingInteger(Object value) {
    return value instanceof String text ? parseDigits(text, false) : parseInteger(value);
  }

  /**
   * Parses decimal digits after an optional sign. If {@code whole}, nothing may follow them;
   * otherwise the rest is ignored.
   */
  private static @Nullable Long parseDigits(String text, boolean whole) {
    boolean signed = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+');
    int first = signed ? 1 : 0;
    int end = first;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    if (end == first || (whole && end < text.length())) {
      return null;
    }
    int start = first;
    while (start < end - 1 && text.charAt(start) == '0') {
      start++;
    }
    boolean negative = signed && text.charAt(0) == '-';
    if (end - start <= DIGITS_MAX) {
      var digits = new BigInteger(text.substring(start, end));
      BigInteger number = negative ? digits.negate() : digits;
      if (number.bitLength() < Long.SIZE) {
        return number.longValue();
      }
    }
    return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
