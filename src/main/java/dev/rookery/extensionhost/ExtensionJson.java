package dev.rookery.extensionhost;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rookery.base.JsonText;
import dev.rookery.extension.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON mapping of one version of an extension. Its caches hold classes of the jar, so it has
 * none in common with other mappers of the process.
 */
final class ExtensionJson {
  private static final int RESULT_BYTES_MAX = 1 << 20;
  private static final int TYPES_MAX = 500;

  /** A result of plain maps and lists, which may be null. */
  record Result(@Nullable Object value) {}

  private final ObjectMapper mapper;

  ExtensionJson(ClassLoader classes) {
    LookupCache<Object, JavaType> cache = new LRUMap<>(TYPES_MAX / 10, TYPES_MAX);
    var types = TypeFactory.defaultInstance().withCache(cache).withClassLoader(classes);
    this.mapper =
        JsonMapper.builder()
            .typeFactory(types)
            .addModule(new JavaTimeModule())
            .addModule(vertxTypes())
            .addMixIn(User.class, UserNames.class)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
  }

  private static SimpleModule vertxTypes() {
    return new SimpleModule("vertx")
        .addSerializer(
            JsonObject.class,
            new JsonSerializer<>() {
              @Override
              public void serialize(JsonObject value, JsonGenerator out, SerializerProvider all)
                  throws IOException {
                all.defaultSerializeValue(value.getMap(), out);
              }
            })
        .addSerializer(
            JsonArray.class,
            new JsonSerializer<>() {
              @Override
              public void serialize(JsonArray value, JsonGenerator out, SerializerProvider all)
                  throws IOException {
                all.defaultSerializeValue(value.getList(), out);
              }
            })
        .addDeserializer(
            JsonObject.class,
            new JsonDeserializer<>() {
              @Override
              @SuppressWarnings("unchecked")
              public JsonObject deserialize(JsonParser in, DeserializationContext context)
                  throws IOException {
                return new JsonObject((Map<String, Object>) in.readValueAs(Map.class));
              }
            })
        .addDeserializer(
            JsonArray.class,
            new JsonDeserializer<>() {
              @Override
              public JsonArray deserialize(JsonParser in, DeserializationContext context)
                  throws IOException {
                return new JsonArray((List<?>) in.readValueAs(List.class));
              }
            });
  }

  ObjectMapper mapper() {
    return mapper;
  }

  /** The result as plain maps and lists; empty if it is no JSON value, too large or too deep. */
  Optional<Result> plain(@Nullable Object result) {
    if (result == null || result instanceof Boolean || result instanceof Integer) {
      return Optional.of(new Result(result));
    }
    try (var out = new BoundedOutput(RESULT_BYTES_MAX)) {
      mapper.writeValue(out, result);
      byte[] text = out.toByteArray();
      return JsonText.isAcceptable(text)
          ? Optional.of(new Result(mapper.readValue(text, Object.class)))
          : Optional.empty();
    } catch (IOException | StackOverflowError _) {
      return Optional.empty();
    }
  }

  /**
   * The text of a JSON object.
   *
   * @throws IllegalArgumentException if the value is none, is too large or too deep
   */
  String objectText(Object value, int bytesMax) {
    try (var out = new BoundedOutput(bytesMax)) {
      mapper.writeValue(out, value);
      byte[] text = out.toByteArray();
      if (text[0] == '{' && JsonText.isAcceptable(text)) {
        return new String(text, StandardCharsets.UTF_8);
      }
    } catch (IOException | StackOverflowError _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "not a JSON object of at most "
            + bytesMax
            + " bytes that is nested at most "
            + JsonText.DEPTH_MAX
            + " deep");
  }

  /** Refuses what is beyond the limit before it is in memory. */
  private static final class BoundedOutput extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int max;

    BoundedOutput(int max) {
      this.max = max;
    }

    @Override
    public void write(int one) throws IOException {
      check(1);
      bytes.write(one);
    }

    @Override
    public void write(byte[] some, int offset, int length) throws IOException {
      check(length);
      bytes.write(some, offset, length);
    }

    private void check(int more) throws IOException {
      if (bytes.size() + more > max) {
        throw new IOException("more than " + max + " bytes of JSON");
      }
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }

  /** The names of the contract. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private interface UserNames {
    @JsonProperty("is_online")
    boolean isOnline();
  }
}
