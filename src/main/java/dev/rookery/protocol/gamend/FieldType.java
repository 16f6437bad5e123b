package dev.rookery.protocol.gamend;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a field holds. Values come as JSON or, from paths, queries and forms, as text; both are
 * taken where one meaning is plain. Numbers beyond the range of the field become its last number:
 * the domain then finds them too large, with the right sentence.
 */
enum FieldType {
  TEXT {
    @Override
    @Nullable Object cast(Object value) {
      // PostgreSQL cannot hold the character 0, and no person ever typed it.
      return value instanceof String text && text.indexOf(0) < 0 ? text : null;
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

  /** A moment in ISO 8601 with its offset, as milliseconds; fractions of a second are dropped. */
  TIMESTAMP {
    @Override
    @Nullable Object cast(Object value) {
      if (!(value instanceof String text)) {
        return null;
      }
      try {
        return OffsetDateTime.parse(text.strip()).toEpochSecond() * 1_000;
      } catch (DateTimeParseException _) {
        return null;
      }
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
      try {
        Object read = Json.read(text);
        return read == null ? null : cast(read);
      } catch (JsonProcessingException _) {
        return null;
      }
    }
  };

  // More digits than any long has; what is longer need not be computed to be out of range.
  private static final int DIGITS_MAX = 19;

  /** The value as this kind, or null if it is not one. */
  abstract @Nullable Object cast(Object value);

  /** The value as a filter takes it: as far as it can be understood, or null. */
  abstract @Nullable Object castLenient(Object value);

  private static @Nullable Long parseInteger(Object value) {
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

  /** Decimal digits after an optional sign; nothing after them, if the whole text must be one. */
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
