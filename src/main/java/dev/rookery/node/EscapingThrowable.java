package dev.rookery.node;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** A logged exception whose messages, and those of its causes, are escaped. */
final class EscapingThrowable implements IThrowableProxy {
  private final IThrowableProxy logged;

  EscapingThrowable(IThrowableProxy logged) {
    this.logged = logged;
  }

  @Override
  public @Nullable String getMessage() {
    return escape(logged.getMessage());
  }

  @Override
  public @Nullable String getOverridingMessage() {
    return escape(logged.getOverridingMessage());
  }

  @Override
  public String getClassName() {
    return logged.getClassName();
  }

  @Override
  public StackTraceElementProxy[] getStackTraceElementProxyArray() {
    return logged.getStackTraceElementProxyArray();
  }

  @Override
  public int getCommonFrames() {
    return logged.getCommonFrames();
  }

  @Override
  public @Nullable IThrowableProxy getCause() {
    IThrowableProxy cause = logged.getCause();
    return cause == null ? null : new EscapingThrowable(cause);
  }

  @Override
  public IThrowableProxy[] getSuppressed() {
    IThrowableProxy[] suppressed = logged.getSuppressed();
    var escaped = new IThrowableProxy[suppressed == null ? 0 : suppressed.length];
    for (int i = 0; i < escaped.length; i++) {
      escaped[i] = new EscapingThrowable(suppressed[i]);
    }
    return escaped;
  }

  @Override
  public boolean isCyclic() {
    return logged.isCyclic();
  }

  private static @Nullable String escape(@Nullable String message) {
    return message == null ? null : LogEscaping.escape(message);
  }
}
