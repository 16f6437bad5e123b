package dev.rookery.config;

/** A secret text. It is never printed: {@code toString} gives {@code ***}. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
