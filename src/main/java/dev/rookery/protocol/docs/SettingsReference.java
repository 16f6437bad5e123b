package dev.rookery.protocol.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of settings, made from the comments and values of {@code conf/reference.yaml}: one for
 * each section, with key, default, names in the environment and meaning of each setting.
 *
 * <p>It relies on the form that a test holds that file to: two spaces for each level, a key to a
 * line, and above each key a comment whose last line has its names in the environment.
 */
final class SettingsReference {
  static final String FILE = Contents.FOLDER + "reference.yaml";

  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):\\s*(.*)");
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]+");
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*_{}\\[\\]<>|#~&]");

  private record Setting(String key, String value, String environment, String meaning) {}

  private record Section(
      String key, String meaning, List<Setting> settings, List<Section> sections) {
    Section(String key, String meaning) {
      this(key, meaning, new ArrayList<>(), new ArrayList<>());
    }

    String path(String name) {
      return key.isEmpty() ? name : key + "." + name;
    }
  }

  private SettingsReference() {}

  /** The tables as Markdown, a heading of the second level for each section. */
  static String markdown(String yaml) {
    Section root = parse(yaml.lines().toList());
    var text = new StringBuilder();
    table(text, "## General", root);
    root.sections().forEach(section -> section(text, section, "##"));
    return text.toString();
  }

  private static Section parse(List<String> lines) {
    var open = new ArrayList<>(List.of(new Section("", "")));
    var comment = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      var key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment.add(line.strip().substring(1).strip());
      } else if (key.matches()) {
        int depth = depth(line);
        open.subList(depth + 1, open.size()).clear();
        Section parent = open.getLast();
        String path = parent.path(key.group(2));
        if (isSection(lines, i, depth)) {
          var section = new Section(path, String.join(" ", comment));
          parent.sections().add(section);
          open.add(section);
        } else {
          parent.settings().add(setting(path, key.group(3), comment));
        }
        comment.clear();
      } else {
        comment.clear();
      }
    }
    return open.getFirst();
  }

  private static Setting setting(String path, String value, List<String> comment) {
    int last = comment.size() - 1;
    return new Setting(path, value, comment.get(last), String.join(" ", comment.subList(0, last)));
  }

  private static int depth(String line) {
    return (line.length() - line.stripLeading().length()) / 2;
  }

  /** Whether the next key is deeper. */
  private static boolean isSection(List<String> lines, int at, int depth) {
    for (String line : lines.subList(at + 1, lines.size())) {
      if (KEY.matcher(line).matches()) {
        return depth(line) > depth;
      }
    }
    return false;
  }

  private static void section(StringBuilder text, Section section, String level) {
    table(text, level + " " + section.key(), section);
    section.sections().forEach(inner -> section(text, inner, level + "#"));
  }

  private static void table(StringBuilder text, String heading, Section section) {
    text.append('\n').append(heading).append("\n\n");
    if (!section.meaning().isEmpty()) {
      text.append(escaped(section.meaning())).append("\n\n");
    }
    if (section.settings().isEmpty()) {
      return;
    }
    text.append("| key | default | environment | meaning |\n|---|---|---|---|\n");
    for (Setting setting : section.settings()) {
      text.append("| ").append(code(setting.key()));
      text.append(" | ").append(setting.value().isEmpty() ? "–" : code(setting.value()));
      text.append(" | ").append(environment(setting.environment()));
      text.append(" | ").append(escaped(setting.meaning())).append(" |\n");
    }
  }

  private static String environment(String names) {
    return Stream.of(names.split(", "))
        .map(name -> NAME.matcher(name).matches() ? code(name) : escaped(name))
        .collect(Collectors.joining(", "));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String escaped(String text) {
    return MARKUP.matcher(text).replaceAll("\\\\$0");
  }
}
