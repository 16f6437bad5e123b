package dev.rookery.protocol.docs;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A code block of a page. Its info string is its language and words for the test; see {@code
 * writing-documentation.md}.
 *
 * @param line of the opening fence, from 1
 * @param words after the language
 */
record CodeBlock(Path file, int line, String language, Set<String> words, String text) {
  static CodeBlock of(Path file, int line, String info, String text) {
    String[] words = info.strip().split("\\s+");
    var rest = new HashSet<>(Arrays.asList(words).subList(1, words.length));
    return new CodeBlock(file, line, words[0], rest, text);
  }

  boolean is(String word) {
    return words.contains(word);
  }

  boolean isLeftOut() {
    return words.stream().anyMatch(word -> word.matches("norun=[a-z0-9-]+"));
  }

  boolean isOutput() {
    return is("output");
  }

  /** Where it is, as an editor understands it. */
  String place() {
    return file + ":" + line;
  }

  /** Its text at its line in the file, so that error messages name the line of the page. */
  String aligned() {
    return "\n".repeat(line) + text;
  }
}
