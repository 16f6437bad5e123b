package dev.rookery.chat;

import dev.rookery.chat.Words.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule of the filter looks for: words that follow each other in a text, whatever stands
 * between them. An asterisk in a word stands for any characters, also none. There are no other
 * signs (see {@link ExpressionPattern} for those), so that a comparison takes time in proportion to
 * the text and never more.
 */
final class WordPattern {
  static final int LENGTH_MAX = 100;
  private static final int WORDS_MAX = 8;
  private static final int ASTERISKS_MAX = 4;

  private final List<Part> parts;
  private final boolean wildcard;

  private WordPattern(List<Part> parts) {
    this.parts = parts;
    this.wildcard = parts.stream().anyMatch(Part::hasAsterisk);
  }

  /** A word of the pattern: texts with any characters between them. */
  record Part(List<String> texts) {
    boolean hasAsterisk() {
      return texts.size() > 1;
    }

    boolean matches(String word) {
      String first = texts.getFirst();
      if (!hasAsterisk()) {
        return word.equals(first);
      }
      String last = texts.getLast();
      if (!word.startsWith(first)
          || !word.endsWith(last)
          || word.length() < first.length() + last.length()) {
        return false;
      }
      int at = first.length();
      for (String text : texts.subList(1, texts.size() - 1)) {
        int found = word.indexOf(text, at);
        if (found < 0) {
          return false;
        }
        at = found + text.length();
      }
      return at <= word.length() - last.length();
    }
  }

  /** Returns what is wrong with a pattern; null if nothing is. */
  static @Nullable String problem(String pattern) {
    if (pattern.isBlank()) {
      return "can't be blank";
    }
    if (pattern.codePointCount(0, pattern.length()) > LENGTH_MAX) {
      return "should be at most " + LENGTH_MAX + " character(s)";
    }
    String[] words = pattern.strip().split("\\s+");
    if (words.length > WORDS_MAX) {
      return "has more than " + WORDS_MAX + " words";
    }
    for (String word : words) {
      if (word.chars().filter(c -> c == '*').count() > ASTERISKS_MAX) {
        return "has more than " + ASTERISKS_MAX + " asterisks in a word";
      }
      boolean plain =
          Arrays.stream(word.split("\\*", -1))
              .filter(text -> !text.isEmpty())
              .allMatch(
                  text -> {
                    List<Word> found = Words.of(text);
                    return found.size() == 1
                        && found.getFirst().start() == 0
                        && found.getFirst().end() == text.length();
                  });
      if (!plain) {
        return "has characters that no word has; use those of words, spaces and *, or write a"
            + " regular expression between slashes";
      }
      if (word.replace("*", "").isEmpty()) {
        return "has a word of asterisks alone";
      }
    }
    return null;
  }

  /** Reads a pattern without problems. */
  static WordPattern of(String pattern) {
    var parts = new ArrayList<Part>();
    for (String word : pattern.strip().split("\\s+")) {
      parts.add(new Part(Arrays.stream(word.split("\\*", -1)).map(Words::normalized).toList()));
    }
    return new WordPattern(parts);
  }

  boolean hasWildcard() {
    return wildcard;
  }

  /** The words, in their order. */
  List<Part> parts() {
    return parts;
  }
}
