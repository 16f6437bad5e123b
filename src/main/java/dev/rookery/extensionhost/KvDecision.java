package dev.rookery.extensionhost;

import dev.rookery.extension.KvRead;
import dev.rookery.extension.KvVisibility;

/** A read of a key-value entry, and what the hooks so far have decided about it. */
public record KvDecision(KvRead read, KvVisibility visibility) {
  /** A private one wins over a public one, and that over none. */
  KvDecision and(KvVisibility next) {
    boolean stays = next == KvVisibility.DEFAULT || visibility == KvVisibility.PRIVATE;
    return stays ? this : new KvDecision(read, next);
  }
}
