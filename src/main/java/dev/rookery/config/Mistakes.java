package dev.rookery.config;

import java.util.List;

/** Everything that is wrong with a configuration, each with the name of its key. */
public final class Mistakes extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> sentences;

  Mistakes(List<String> sentences) {
    super(String.join("\n", sentences));
    this.sentences = List.copyOf(sentences);
  }

  public List<String> sentences() {
    return sentences;
  }
}
