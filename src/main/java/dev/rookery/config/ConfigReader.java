package dev.rookery.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.base.Limits;
import dev.rookery.config.ValueParser.InvalidValue;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration from a file and the environment, which wins; the rest are defaults. All
 * problems are reported at once.
 */
public final class ConfigReader {
  private static final String PREFIX = "ROOKERY_";
  private static final String ENVIRONMENT = "ROOKERY_ENV";
  private static final Set<String> READ_ELSEWHERE = Set.of("ROOKERY_CONFIG", ENVIRONMENT);

  /** Environment variables that are named like one that holds a secret. */
  private static final Pattern BESIDE_SECRETS =
      Pattern.compile(
          "\\((SMTP|POSTGRES|DATABASE|REDIS|GODRA|SECRET|GUARDIAN|SENTRY|DISCORD|GOOGLE|FACEBOOK|APPLE"
              + "|STEAM|OPENID|GAMEFLOW|AGONES|METRICS|ROOKERY_(MAIL|STORE|CACHE|AUTH|SENTRY|PROVIDERS"
              + "|ALLOCATION|METRICS|GODRA))_");

  /**
   * A check of the whole configuration; throws {@link IllegalArgumentException} with a message that
   * continues "key: …".
   */
  public record Check(String key, Consumer<NodeConfig> check) {}

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> environmentKnown = new HashSet<>(READ_ELSEWHERE);
  private final Map<String, Origin> origins = new HashMap<>();
  private ConfigFile file = ConfigFile.NONE;

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @param file null to use the environment alone
   * @throws ConfigException with all problems
   */
  public static NodeConfig read(
      @Nullable Path file, Map<String, String> environment, List<Check> rules)
      throws ConfigException {
    return load(file, environment, rules).config();
  }

  /**
   * As {@link #read}, with where each value came from.
   *
   * @throws ConfigException with all problems
   */
  public static LoadedConfig load(
      @Nullable Path file, Map<String, String> environment, List<Check> rules)
      throws ConfigException {
    var reader = new ConfigReader(environment);
    return new LoadedConfig(reader.read(file, rules), reader.origins);
  }

  private NodeConfig read(@Nullable Path path, List<Check> rules) throws ConfigException {
    file = path == null ? ConfigFile.NONE : ConfigFile.read(path, this::report);
    NodeConfig config = record("", NodeConfig.class, NodeConfig.DEFAULTS, file.tree());
    reportUnknownNames();
    new CrossChecks(this::report).check(config);
    for (Check rule : rules) {
      try {
        rule.check().accept(config);
      } catch (IllegalArgumentException e) {
        report(rule.key(), String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  private void report(String key, String what) {
    problems.add(key + ": " + what);
  }

  private <R> R record(String parent, Class<R> type, Object defaults, JsonNode tree) {
    List<RecordComponent> components = ConfigKeys.components(type);
    var types = new Class<?>[components.size()];
    var values = new @Nullable Object[components.size()];
    var known = new HashSet<String>();
    boolean changed = false;
    for (int i = 0; i < components.size(); i++) {
      RecordComponent component = components.get(i);
      String name = component.getName();
      known.add(name);
      types[i] = component.getType();
      Object standard = ConfigKeys.read(component, defaults);
      String key = NodeConfig.key(parent, name);
      JsonNode given = tree.path(name);
      values[i] =
          ConfigKeys.isSection(component)
              ? record(
                  key,
                  component.getType(),
                  Objects.requireNonNull(standard, key),
                  branch(key, given))
              : value(key, component, standard, given);
      changed |= values[i] != standard;
    }
    tree.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                report(NodeConfig.key(parent, name), "unknown key");
              }
            });
    if (!changed) {
      // Most sections. The first use of each constructor takes reflection about ten milliseconds.
      return type.cast(defaults);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  private JsonNode branch(String key, JsonNode given) {
    if (given.isObject() || given.isMissingNode() || given.isNull()) {
      return given;
    }
    report(key, "is a section with keys, not a value");
    return JsonNodeFactory.instance.objectNode();
  }

  private @Nullable Object value(
      String key, RecordComponent component, @Nullable Object standard, JsonNode given) {
    @Nullable Object value = standard;
    if (given.isValueNode() && !given.isNull() && !given.asText().isBlank()) {
      value = parse(key, component, given.asText(), standard);
      origins.put(key, file.origin(key));
    } else if (given.isArray() && component.getType() == List.class) {
      var items = new ArrayList<String>();
      given.forEach(item -> items.add(item.asText()));
      value = List.copyOf(items);
      origins.put(key, file.origin(key));
    } else if (given instanceof ObjectNode || given.isArray()) {
      report(key, "takes a single value");
    }
    String set = null;
    for (String name : ConfigKeys.environmentNames(key, component)) {
      environmentKnown.add(name);
      String text = environment.get(name);
      if (set == null && text != null && !text.isBlank() && !ServiceLinks.isAddress(name, text)) {
        set = name;
        value = parse(key + " (" + name + ")", component, text, standard);
        origins.put(key, new Origin(Origin.Source.ENVIRONMENT, name));
      }
    }
    if (key.equals("production") && set == null) {
      value = production(value);
    }
    return value;
  }

  private @Nullable Object production(@Nullable Object otherwise) {
    String text = environment.getOrDefault(ENVIRONMENT, "");
    if (!text.isEmpty()) {
      origins.put("production", new Origin(Origin.Source.ENVIRONMENT, ENVIRONMENT));
    }
    return switch (text) {
      case "" -> otherwise;
      case "production" -> true;
      case "development", "test" -> false;
      default -> {
        report(
            "production (" + ENVIRONMENT + ")",
            ValueParser.shown(text) + " is not one of production, development, test");
        yield otherwise;
      }
    };
  }

  /**
   * A value as an error shows it. Beside a secret, any value may be that secret in the wrong place,
   * so it is not shown.
   */
  private static String shown(String where, String text) {
    return BESIDE_SECRETS.matcher(where).find() ? "its value" : ValueParser.shown(text);
  }

  private @Nullable Object parse(
      String where, RecordComponent component, String text, @Nullable Object otherwise) {
    try {
      return parse(component, text.strip());
    } catch (InvalidValue wrong) {
      report(where, shown(where, text) + " " + wrong.getMessage());
    } catch (ArithmeticException tooMuch) {
      report(where, shown(where, text) + " is too large");
    }
    return otherwise;
  }

  private static Object parse(RecordComponent component, String text) throws InvalidValue {
    Class<?> type = component.getType();
    Setting setting = component.getAnnotation(Setting.class);
    Setting range = setting == null ? DefaultRange.SETTING : setting;
    if (type == int.class || type == Integer.class) {
      boolean size = component.getName().contains("Bytes");
      long number = size ? ValueParser.parseBytes(text) : ValueParser.parseInteger(text);
      ValueParser.checkRange(number, range, false);
      return Math.toIntExact(number);
    } else if (type == double.class) {
      return ValueParser.parsePart(text);
    } else if (type == boolean.class || type == Boolean.class) {
      return ValueParser.parseBoolean(text);
    } else if (type == Duration.class) {
      Duration duration = ValueParser.parseDuration(text);
      ValueParser.checkRange(duration.toMillis(), range, true);
      return duration;
    } else if (type == String.class) {
      return text;
    } else if (type == Secret.class) {
      return new Secret(text);
    } else if (type == Path.class) {
      return ValueParser.parsePath(text);
    } else if (type == List.class) {
      return ValueParser.parseList(text);
    } else if (type.isEnum()) {
      return ValueParser.parseEnum(type, text);
    }
    throw new IllegalStateException("no values of " + type);
  }

  /** The range of numbers without an annotation, those of {@link Limits}: at least one. */
  private record DefaultRange(@Setting int number) {
    private static final Setting SETTING =
        DefaultRange.class.getRecordComponents()[0].getAnnotation(Setting.class);
  }

  private void reportUnknownNames() {
    environment.forEach(
        (name, text) -> {
          if (name.startsWith(PREFIX)
              && !environmentKnown.contains(name)
              && !ServiceLinks.isLink(name, text)
              && !ServiceLinks.isOfLinkedContainer(name, environment)) {
            report(name, "unknown key");
          }
        });
  }
}
