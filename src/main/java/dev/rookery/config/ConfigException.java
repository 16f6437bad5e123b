package dev.rookery.config;

import java.util.List;

/** All problems of a configuration, each with the name of its key. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ConfigException(List<String> sentences) {
    super(String.join("\n", sentences));
    this.problems = List.copyOf(sentences);
  }

  public List<String> problems() {
    return problems;
  }
}
