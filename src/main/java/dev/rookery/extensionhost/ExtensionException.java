package dev.rookery.extensionhost;

import org.jspecify.annotations.Nullable;

/** An extension cannot be loaded or started; the message says why, for its author. */
public final class ExtensionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean missingHooksModule;

  public ExtensionException(String message) {
    this(message, null);
  }

  public ExtensionException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.missingHooksModule = false;
  }

  private ExtensionException() {
    super(
        "missing_hooks_module: the jar names no class in"
            + " META-INF/services/dev.rookery.extension.Extension");
    this.missingHooksModule = true;
  }

  static ExtensionException withoutEntryPoint() {
    return new ExtensionException();
  }

  boolean isMissingHooksModule() {
    return missingHooksModule;
  }
}
