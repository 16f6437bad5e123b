package dev.rookery.bus;

/** The scope of commands that may change nothing: {@code Denied("read_only")} when they write. */
public enum ReadOnlyScope implements CommandScope {
  SCOPE;

  /** Whether the calling thread carries out such a command. */
  public static boolean isCurrent() {
    return CommandScope.current() == SCOPE;
  }

  @Override
  public boolean needsRecord() {
    return false;
  }

  @Override
  public void recorded() {}
}
