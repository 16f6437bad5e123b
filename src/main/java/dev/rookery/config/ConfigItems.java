package dev.rookery.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists every key of a configuration with its value, default, origin and meaning. */
public final class ConfigItems {
  private static final String REFERENCE = "/docs/reference.yaml";
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
  private static final int INDENT = 2;

  private final Map<String, Origin> origins;
  private final Map<String, String> meanings;
  private final List<ConfigItem> items = new ArrayList<>();

  private ConfigItems(Map<String, Origin> origins, Map<String, String> meanings) {
    this.origins = origins;
    this.meanings = meanings;
  }

  /** All keys, in the order of {@code conf/reference.yaml}. */
  public static List<ConfigItem> of(LoadedConfig loaded) {
    var list = new ConfigItems(loaded.origins(), meanings(readReference()));
    list.collect("", loaded.config(), NodeConfig.DEFAULTS);
    return List.copyOf(list.items);
  }

  private void collect(String parent, Object record, Object standard) {
    for (RecordComponent component : ConfigKeys.components(record.getClass())) {
      String key = NodeConfig.key(parent, component.getName());
      Object value = ConfigKeys.read(component, record);
      Object otherwise = ConfigKeys.read(component, standard);
      if (ConfigKeys.isSection(component)) {
        collect(key, Objects.requireNonNull(value, key), Objects.requireNonNull(otherwise, key));
      } else {
        items.add(item(key, component, value, otherwise));
      }
    }
  }

  private ConfigItem item(
      String key, RecordComponent component, @Nullable Object value, @Nullable Object otherwise) {
    boolean secret = component.getType() == Secret.class;
    return new ConfigItem(
        key,
        secret ? null : text(component, value),
        secret ? null : text(component, otherwise),
        value instanceof Secret set ? set : null,
        secret,
        origin(key, value, otherwise),
        ConfigKeys.environmentNames(key, component),
        meanings.getOrDefault(key, ""));
  }

  private Origin origin(String key, @Nullable Object value, @Nullable Object otherwise) {
    Origin known = origins.get(key);
    if (known != null) {
      return known;
    }
    return Objects.equals(value, otherwise) ? Origin.DEFAULT : Origin.PROGRAM;
  }

  private static @Nullable String text(RecordComponent component, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Duration duration -> text(duration);
      case Integer size when component.getName().contains("Bytes") -> bytes(size);
      case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
      case Collection<?> list ->
          list.stream().map(String::valueOf).collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  /** A duration as a configuration has it, in its largest whole unit. */
  static String text(Duration duration) {
    long ms = duration.toMillis();
    for (var unit : List.of(Map.entry(86_400_000L, "d"), Map.entry(3_600_000L, "h"))) {
      if (ms > 0 && ms % unit.getKey() == 0) {
        return ms / unit.getKey() + unit.getValue();
      }
    }
    if (ms > 0 && ms % 60_000 == 0) {
      return ms / 60_000 + "m";
    }
    return ms > 0 && ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
  }

  private static String bytes(int size) {
    if (size > 0 && size % (1 << 20) == 0) {
      return (size >> 20) + "MiB";
    }
    return size > 0 && size % (1 << 10) == 0 ? (size >> 10) + "KiB" : size + "B";
  }

  /** The comment above each key, without its last line, which has the environment variables. */
  static Map<String, String> meanings(String yaml) {
    var meanings = new HashMap<String, String>();
    var parents = new ArrayList<String>();
    var comment = new ArrayList<String>();
    for (String line : yaml.lines().toList()) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment.add(line.strip().substring(1).strip());
        continue;
      }
      if (key.matches()) {
        int depth = key.group(1).length() / INDENT;
        while (parents.size() > depth) {
          parents.removeLast();
        }
        parents.add(key.group(2));
        int lines = Math.max(0, comment.size() - 1);
        meanings.put(String.join(".", parents), String.join(" ", comment.subList(0, lines)));
      }
      comment.clear();
    }
    return meanings;
  }

  private static String readReference() {
    try (InputStream content = ConfigItems.class.getResourceAsStream(REFERENCE)) {
      if (content == null) {
        throw new IllegalStateException(REFERENCE + " is not on the class path");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
