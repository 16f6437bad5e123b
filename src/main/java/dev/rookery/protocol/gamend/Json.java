package dev.rookery.protocol.gamend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses JSON of clients into plain maps and lists. */
final class Json {
  // Field names are not interned, because clients choose them. The parser itself bounds the depth
  // and the length of numbers.
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Object.class);

  private Json() {}

  static @Nullable Object read(Buffer text) throws IOException {
    return READER.readValue(text.getBytes());
  }

  static @Nullable Object read(String text) throws JsonProcessingException {
    return READER.readValue(text);
  }

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
