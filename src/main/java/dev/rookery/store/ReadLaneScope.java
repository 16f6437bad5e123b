package dev.rookery.store;

import dev.rookery.bus.CommandScope;

/** The scope of commands whose reads go through the lane of admins, apart from all others. */
public enum ReadLaneScope implements CommandScope {
  SCOPE;

  /** Whether the calling thread carries out such a command. */
  static boolean isCurrent() {
    return CommandScope.current() == SCOPE;
  }

  @Override
  public boolean needsRecord() {
    return false;
  }

  @Override
  public void recorded() {}
}
