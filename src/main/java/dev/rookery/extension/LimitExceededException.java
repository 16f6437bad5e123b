package dev.rookery.extension;

/** The extension does something more often than the operator allows. Nothing was done. */
public class LimitExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LimitExceededException(String message) {
    super(message);
  }
}
