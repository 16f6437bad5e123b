package dev.rookery.translation;

import dev.rookery.translation.PoEntry.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the texts that code and templates show: the keys that every catalogue must have. */
final class SourceTexts {
  private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final String STRINGS = "(" + STRING + "(?:\\s*\\+\\s*" + STRING + ")*)";
  private static final Pattern MESSAGE = Pattern.compile("Message\\s*\\.of\\(\\s*" + STRINGS);
  private static final Pattern PLURAL =
      Pattern.compile("Message\\s*\\.plural\\(\\s*" + STRINGS + ",\\s*" + STRINGS);
  private static final Pattern TEMPLATE =
      Pattern.compile("\\b(t|tl|tn)\\(\\s*" + STRING + "(?:,\\s*" + STRING + ")?");
  private static final Pattern ONE_STRING = Pattern.compile(STRING);

  private final Map<Key, PoEntry> found = new LinkedHashMap<>();

  private SourceTexts() {}

  static Map<Key, PoEntry> find() throws IOException {
    var texts = new SourceTexts();
    for (Path file : files("src/main/java/dev/rookery", ".java")) {
      String source = Files.readString(file);
      if (source.contains("import dev.rookery.translation.Message;")) {
        texts.addJava(source, domain(file));
      }
    }
    for (Path file : files("src/main/resources/page", ".html")) {
      texts.addTemplate(Files.readString(file));
    }
    return texts.found;
  }

  private static String domain(Path file) {
    String name = file.getFileName().toString();
    return file.toString().contains("/auth/")
        ? "email"
        : name.equals("Messages.java") || name.equals("FieldMessages.java") ? "errors" : "pages";
  }

  private static List<Path> files(String folder, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private void addJava(String source, String domain) {
    Matcher message = MESSAGE.matcher(source);
    while (message.find()) {
      add(domain, joined(message.group(1)), null);
    }
    Matcher plural = PLURAL.matcher(source);
    while (plural.find()) {
      String many = plural.group(4);
      add(domain, joined(plural.group(1)), joined(many));
    }
  }

  private void addTemplate(String template) {
    Matcher call = TEMPLATE.matcher(template);
    while (call.find()) {
      String many = call.group(1).equals("tn") ? call.group(3) : null;
      add("pages", unescaped(call.group(2)), many == null ? null : unescaped(many));
    }
  }

  private void add(String domain, String text, String plural) {
    var entry = new PoEntry(domain, "", text, plural, List.of(), false);
    found.putIfAbsent(entry.key(), entry);
  }

  private static String joined(String strings) {
    var text = new StringBuilder();
    Matcher string = ONE_STRING.matcher(strings);
    while (string.find()) {
      text.append(unescaped(string.group(1)));
    }
    return text.toString();
  }

  private static String unescaped(String literal) {
    return literal.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
  }
}
