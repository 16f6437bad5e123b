package dev.rookery.extensionhost;

import org.jspecify.annotations.Nullable;

/** How a call of a function ended. */
public sealed interface CallOutcome {
  /**
   * The function returned.
   *
   * @param value a JSON value of plain maps and lists
   */
  record Returned(@Nullable Object value) implements CallOutcome {}

  /** The function refused the call, with a reason for the client. */
  record Rejected(String reason) implements CallOutcome {}

  /** There is no result. */
  record Failed(Failure failure) implements CallOutcome {}

  /** Why there is no result. */
  enum Failure {
    /** No extension has the name. */
    EXTENSION_NOT_FOUND,
    /** The jar has no entry point. */
    MISSING_HOOKS_MODULE,
    /** The extension has no function of this name with this number of arguments. */
    NOT_IMPLEMENTED,
    /** It took too long. */
    TIMEOUT,
    /** The function threw an exception. */
    EXCEPTION,
    /** The result is no JSON value, is too large or too deep. */
    UNENCODABLE,
    /** Too many calls of the extension run and wait. */
    BUSY
  }
}
