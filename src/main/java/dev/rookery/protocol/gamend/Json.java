package dev.rookery.protocol.gamend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rookery.base.JsonText;
import dev.rookery.base.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses JSON of clients into plain maps and lists. */
final class Json {
  // Field names are not interned, because clients choose them. The parser itself bounds the length
  // of numbers.
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Object.class);

  // Some libraries send one, although JSON has none.
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private Json() {}

  /** Returns the parsed text; empty if it is not JSON, or not {@linkplain JsonText acceptable}. */
  static Optional<Parsed> read(byte[] text) {
    if (!JsonText.isAcceptable(text)) {
      return Optional.empty();
    }
    // As text, because a parser of bytes would guess their encoding.
    var decoded = new String(text, StandardCharsets.UTF_8);
    boolean marked = !decoded.isEmpty() && decoded.charAt(0) == BYTE_ORDER_MARK;
    try {
      return Optional.of(new Parsed(READER.readValue(marked ? decoded.substring(1) : decoded)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static Optional<Parsed> read(String text) {
    return Text.isWellFormed(text) ? read(text.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
  }

  /** A parsed value, which may be null. */
  record Parsed(@Nullable Object value) {}

  /** Whether all numbers are finite: {@code 1e999} can be parsed but not be written again. */
  static boolean isFinite(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.values().stream().allMatch(Json::isFinite);
      case Iterable<?> list -> {
        boolean all = true;
        for (Object item : list) {
          all &= isFinite(item);
        }
        yield all;
      }
      case Double number -> Double.isFinite(number);
      case null, default -> true;
    };
  }
}
