package dev.rookery.config;

/** A text that never prints. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
