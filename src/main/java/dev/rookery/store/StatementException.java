package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * The database would not take a statement: it broke a rule of the schema, or is wrong. Either way
 * the transaction it belongs to is lost, whether or not this is caught.
 */
public final class StatementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean unique;

  StatementException(boolean unique, @Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
    this.unique = unique;
  }

  /** Whether the statement would have made a second row where the schema allows one. */
  public boolean isDuplicate() {
    return unique;
  }
}
