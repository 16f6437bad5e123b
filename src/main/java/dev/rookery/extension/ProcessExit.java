package dev.rookery.extension;

/** What calls of {@code System.exit} in an extension become: they fail. */
public final class ProcessExit {
  private ProcessExit() {}

  /** In place of {@code System.exit}. */
  public static void refuse(int status) {
    throw new UnsupportedOperationException(
        "an extension cannot end the server, with status " + status);
  }

  /** In place of {@code Runtime.exit} and {@code Runtime.halt}. */
  public static void refuse(Runtime runtime, int status) {
    refuse(status);
  }
}
