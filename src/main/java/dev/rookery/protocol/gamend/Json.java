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

/** Reads what clients send, into plain maps and lists. */
final class Json {
  // Names chosen by strangers are not remembered. Depth and length of numbers are bounded by the
  // parser itself.
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

  /** Whether all numbers in it can be written again: {@code 1e999} can be read, but is none. */
  static boolean isFinite(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.values().stream().allMatch(Json::isFinite);
      case Iterable<?> list -> {
        boolean all = true;
        for (Object held : list) {
          all &= isFinite(held);
        }
        yield all;
      }
      case Double number -> Double.isFinite(number);
      case null, default -> true;
    };
  }
}
