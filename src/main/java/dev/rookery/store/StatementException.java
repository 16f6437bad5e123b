package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * A statement failed: it violated a constraint of the schema, or is invalid. Its transaction is
 * lost, whether or not this is caught.
 */
public final class StatementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean unique;

  StatementException(boolean unique, @Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
    this.unique = unique;
  }

  /** Whether the statement violated a unique constraint. */
  public boolean isDuplicate() {
    return unique;
  }
}
