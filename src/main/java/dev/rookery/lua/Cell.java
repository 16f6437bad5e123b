package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** A local variable that a closure captured. */
final class Cell {
  @Nullable Object value;

  /** The measurement of reachable memory that counted this variable last. */
  int mark;

  Cell(@Nullable Object value) {
    this.value = value;
  }
}
