package dev.rookery.base;

/** Identifies the definition of an achievement. */
public record AchievementId(long value) {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
