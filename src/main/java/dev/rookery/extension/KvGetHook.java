package dev.rookery.extension;

/** Decides who may read a key-value entry. */
@FunctionalInterface
public interface KvGetHook {
  /**
   * Returns who may read the entry. Of all hooks, one {@code PRIVATE} wins over {@code PUBLIC}, and
   * that over {@code DEFAULT}. An exception, and no answer in time, refuse the read.
   */
  KvVisibility visibility(KvRead read) throws Exception;
}
