package dev.rookery.config;

/**
 * Where the value of a key came from.
 *
 * @param name the environment variable, or the file and the line; empty for a default
 */
public record Origin(Source source, String name) {
  static final Origin DEFAULT = new Origin(Source.DEFAULT, "");
  static final Origin PROGRAM = new Origin(Source.PROGRAM, "");

  /** What sets values. A later one wins over an earlier one. */
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    /** The program that started the node within itself. */
    PROGRAM
  }
}
